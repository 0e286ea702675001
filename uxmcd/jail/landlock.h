/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Landlock as the kernel's Documentation/userspace-api/landlock.rst describes it.
 * linux/landlock.h of a tool chain is often older than the kernel, or not there.
 */
#ifndef UXMC_LANDLOCK_H
#define UXMC_LANDLOCK_H

#include <stdint.h>
#include <sys/syscall.h>

/* The same on all architectures */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset	444
#define SYS_landlock_add_rule		445
#define SYS_landlock_restrict_self	446
#endif

#define LANDLOCK_VERSION		1U	/* flag: asks for the ABI's */
#define LANDLOCK_PATH_BENEATH		1

#define LANDLOCK_FS_READ_FILE		0x4ULL
#define LANDLOCK_FS_READ_DIR		0x8ULL

/* All rights of an ABI, the first of which has 13 */
#define LANDLOCK_FS_ABI_1		0x1fffULL
#define LANDLOCK_FS_REFER		0x2000ULL	/* ABI 2 */
#define LANDLOCK_FS_TRUNCATE		0x4000ULL	/* ABI 3 */
#define LANDLOCK_NET_BIND_TCP		0x1ULL	/* ABI 4 */
#define LANDLOCK_FS_IOCTL_DEV		0x8000ULL	/* ABI 5 */
#define LANDLOCK_SCOPE_ABSTRACT_UNIX	0x1ULL	/* ABI 6 */
#define LANDLOCK_SCOPE_SIGNAL		0x2ULL	/* ABI 6 */

/* An older kernel takes it if what it does not know of is 0. */
struct landlock_ruleset {
	uint64_t handled_access_fs;
	uint64_t handled_access_net;
	uint64_t scoped;
};

struct landlock_path_beneath {
	uint64_t allowed_access;
	int32_t parent_fd;
} __attribute__((packed));

#endif
