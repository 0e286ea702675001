/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Users and groups as /etc/passwd and /etc/group have them, where those of programs
 * are. Asking nsswitch's services loads libraries of several times our own size.
 */
#ifndef UXMC_ACCOUNT_H
#define UXMC_ACCOUNT_H

#include <stddef.h>
#include <sys/types.h>

struct account {
	uid_t user;
	gid_t group;
};

/* -ENOENT: there is no such user. */
int account_find(const char *name, struct account *account);

/* The groups that a user is in besides its own, at most @max; how many. */
size_t account_groups(const char *name, gid_t *groups, size_t max);

#endif
