// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "version.h"

/* One number; NULL if there is none or it is out of range. */
static const char *parse_part(const char *text, uint32_t *part)
{
	uint64_t value = 0;

	if (*text < '0' || *text > '9')
		return NULL;
	for (; *text >= '0' && *text <= '9'; text++) {
		value = value * 10 + (uint64_t)(*text - '0');
		if (value > UINT32_MAX)
			return NULL;
	}
	*part = (uint32_t)value;
	return text;
}

int version_parse(const char *text, struct version *version)
{
	struct version parsed = { 0 };

	for (;;) {
		if (parsed.count == VERSION_PARTS)
			return -EINVAL;
		text = parse_part(text, &parsed.part[parsed.count]);
		if (!text)
			return -EINVAL;
		parsed.count++;
		if (!*text)
			break;
		if (*text++ != '.')
			return -EINVAL;
	}

	*version = parsed;
	return 0;
}

int version_compare(const struct version *a, const struct version *b)
{
	size_t i;

	/* Parts that are not there are zero. */
	for (i = 0; i < VERSION_PARTS; i++)
		if (a->part[i] != b->part[i])
			return a->part[i] < b->part[i] ? -1 : 1;
	return 0;
}
