/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Base 64 (RFC 4648, section 4), as strictly as section 3 has it: one text for the
 * same bytes. Pure.
 */
#ifndef UXMC_BASE64_H
#define UXMC_BASE64_H

#include <stddef.h>

/* What a character stands for, 0 to 63; negative: nothing */
int base64_value(char c);

/* Exactly @size bytes from a text of @length characters; -EINVAL if it is not that. */
int base64_decode(const char *text, size_t length, unsigned char *to,
		  size_t size);

#endif
