/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system calls that are left, by seccomp: what the C library, its threads and
 * libraries use to read files and to talk on sockets, and what a program adds.
 */
#ifndef UXMC_JAIL_CALLS_H
#define UXMC_JAIL_CALLS_H

#include <seccomp.h>

#define JAIL_ARGUMENTS_MAX	4

/* Of an argument: these bits of it are @value; it is @value */
#define JAIL_MASKED(n, mask, value) \
	{ (n), SCMP_CMP_MASKED_EQ, (mask), (value) }
#define JAIL_IS(n, value)	{ (n), SCMP_CMP_EQ, (value), 0 }

/* The bits of a socket's type, without flags: linux/net.h */
#define JAIL_SOCKET_TYPE	0xf

/**
 * struct jail_rule - a call that is allowed with such arguments
 * @name: that others may have, too: then it is enough that one of them fits
 * @count: arguments that are looked at
 */
struct jail_rule {
	const char *name;
	unsigned int count;
	struct scmp_arg_cmp arguments[JAIL_ARGUMENTS_MAX];
};

/**
 * struct jail_calls - what a program needs besides what all need
 * @names: calls that are allowed with any arguments; the last one is NULL
 * @rules: the last one has no name
 */
struct jail_calls {
	const char * const *names;
	const struct jail_rule *rules;
};

/* -errno; 0 too if the kernel has no such filters. */
int jail_calls(const struct jail_calls *calls);

#endif
