// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "md5.h"
#include "rollout.h"

#define DIGITS_MAX	3

/* Of the sum, in hex: the first four bytes */
#define PLACE_DIGITS	8

int rollout_parse(const char *text, struct rollout *rollout)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long percent;

	if (!digits || digits > DIGITS_MAX || text[digits])
		return -EINVAL;
	percent = strtoul(text, NULL, 10);
	if (percent > ROLLOUT_ALL)
		return -EINVAL;
	rollout->limited = true;
	rollout->percent = (unsigned int)percent;
	return 0;
}

unsigned int rollout_place(const char *mac, const char *url)
{
	const char * const parts[] = { mac, url };
	char hex[MD5_SIZE];

	md5_joined(parts, 2, hex);
	hex[PLACE_DIGITS] = '\0';
	return (unsigned int)(strtoull(hex, NULL, 16) * ROLLOUT_ALL >> 32);
}
