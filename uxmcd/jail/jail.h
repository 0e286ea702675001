/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What this process gives up before it hears anything from a stranger: rights,
 * memory, processor time, files, system calls. There is no way back.
 *
 * What the kernel has not got (Landlock before 5.13, filters of system calls) is
 * said in the log, and done without.
 */
#ifndef UXMC_JAIL_H
#define UXMC_JAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jail_paths.h"

struct jail_calls;

/**
 * struct jail - how much is left
 * @program: its name, for sentences
 * @readable: files and directories that can be read; the last one is NULL
 * @also: files besides; empty: none
 * @calls: system calls besides those that all need
 * @kept: descriptors below that stay open
 * @descriptors: most of them
 * @threads: most of them, of all that the user runs
 * @memory: bytes of address space
 * @seconds: of processor time; 0: no limit
 * @file_size: bytes that a file may grow to, which can be the log alone
 * @allow_root: root may enter it: for development
 */
struct jail {
	const char *program;
	const char * const *readable;
	const char *also[JAIL_ALSO];
	const struct jail_calls *calls;
	unsigned int kept;
	uint64_t descriptors;
	uint64_t threads;
	uint64_t memory;
	uint64_t seconds;
	uint64_t file_size;
	bool allow_root;
};

/* -errno, and a sentence: nothing may be done then. */
int jail_enter(const struct jail *jail, char *sentence, size_t size);

#endif
