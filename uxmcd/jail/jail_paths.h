/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Landlock: what is named can be read, and nothing else in the file system be
 * touched; no TCP port can be bound.
 */
#ifndef UXMC_JAIL_PATHS_H
#define UXMC_JAIL_PATHS_H

#define JAIL_ALSO	3

/*
 * @readable: files and directories, the last one NULL; @also: JAIL_ALSO files
 * besides; empty: none. -errno; 0 too if the kernel has it not.
 */
int jail_paths(const char * const *readable, const char * const *also);

#endif
