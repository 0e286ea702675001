/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A uxmc-fetch, and the socket to it. systemd starts one for each connection to a
 * socket of its own; without systemd uxmcd, which is root then, starts it as
 * another user.
 */
#ifndef UXMC_FETCHPROC_H
#define UXMC_FETCHPROC_H

#include <stddef.h>
#include <sys/types.h>

#include "config.h"

/**
 * struct fetchproc - see above
 * @socket: does not block; -1 if there is none
 * @pid: 0 if systemd has started it
 */
struct fetchproc {
	int socket;
	pid_t pid;
};

/* -errno, and a sentence. */
int fetchproc_start(struct fetchproc *proc, const struct config *config,
		    char *sentence, size_t size);

/* It is gone soon after that, whatever it is at. */
void fetchproc_end(struct fetchproc *proc);

/* Some child has ended (SIGCHLD): says so if it did not end by itself. */
void fetchproc_reap(void);

#endif
