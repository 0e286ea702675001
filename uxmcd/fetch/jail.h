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

#define JAIL_READABLE	3

/**
 * struct jail - how much is left
 * @readable: files that can be read besides those that all need; empty: none
 * @memory: bytes of address space
 * @seconds: of processor time
 * @allow_root: root may enter it: for development
 */
struct jail {
	const char *readable[JAIL_READABLE];
	uint64_t memory;
	uint64_t seconds;
	bool allow_root;
};

/* -errno, and a sentence: nothing may be done then. */
int jail_enter(const struct jail *jail, char *sentence, size_t size);

#endif
