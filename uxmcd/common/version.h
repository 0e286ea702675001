/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Version numbers such as 10.1.64.14, compared number by number.
 */
#ifndef UXMC_VERSION_H
#define UXMC_VERSION_H

#include <stddef.h>
#include <stdint.h>

#define VERSION_PARTS	8

struct version {
	size_t count;
	uint32_t part[VERSION_PARTS];
};

/* Numbers with single dots between them, and nothing else; else -EINVAL. */
int version_parse(const char *text, struct version *version);

/* < 0, 0, > 0 as a is older than, equal to, newer than b; 1.6 equals 1.6.0. */
int version_compare(const struct version *a, const struct version *b);

#endif
