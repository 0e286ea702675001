/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Landlock: what libcurl, the resolver and a TLS library read can be read, and
 * nothing else in the file system be touched; no TCP port can be bound.
 */
#ifndef UXMC_JAIL_PATHS_H
#define UXMC_JAIL_PATHS_H

#include <stddef.h>

/* @readable: files more; empty: none. -errno; 0 too if the kernel has it not. */
int jail_paths(const char * const *readable, size_t count);

#endif
