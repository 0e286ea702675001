/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Updates that a person does not want: which URL, on which module. Pure.
 */
#ifndef UXMC_DENIALS_H
#define UXMC_DENIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DENIALS_MAX	8

/**
 * struct denials - the last of them
 * @count: how many there ever were
 * @list: hashes, each in the place of the one that is longest ago
 */
struct denials {
	size_t count;
	uint64_t list[DENIALS_MAX];
};

void denials_add(struct denials *denials, const char *url, const char *port,
		 const char *serial);
bool denials_have(const struct denials *denials, const char *url,
		  const char *port, const char *serial);

#endif
