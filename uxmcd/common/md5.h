/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MD5 (RFC 1321), which Digest authentication is made of (RFC 7616). It is good for
 * no other secret any more: none is safe in it that can be guessed. rollout.h draws lots
 * with it.
 */
#ifndef UXMC_MD5_H
#define UXMC_MD5_H

#include <stddef.h>

/* 32 digits and a NUL */
#define MD5_SIZE	33

/* The sum of these parts with colons between them, as Digest has it; in hex. */
void md5_joined(const char * const *parts, size_t count, char *hex);

#endif
