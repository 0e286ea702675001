/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system calls that are left, by seccomp: what libcurl, the C library's
 * resolver, its threads, and TLS libraries use to read files and to talk to
 * servers.
 */
#ifndef UXMC_JAIL_CALLS_H
#define UXMC_JAIL_CALLS_H

/* -errno; 0 too if the kernel has no such filters. */
int jail_calls(void);

#endif
