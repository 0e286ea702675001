// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "range.h"
#include "text.h"

/* Cuts a number out of the text and gives what follows its end mark. */
static char *take_number(char *text, char end, uint64_t *number)
{
	char *stop = strchr(text, end);

	if (!stop)
		return NULL;
	*stop = '\0';
	if (text_number(text, UINT64_MAX, number))
		return NULL;
	return stop + 1;
}

int range_parse(const char *text, struct range *range)
{
	struct range parsed = { 0 };
	char copy[80];
	char *rest;

	if (strncasecmp(text, "bytes ", 6))
		return -EINVAL;
	if (text_copy(copy, sizeof(copy), text + 6))
		return -EINVAL;

	rest = take_number(copy, '-', &parsed.first);
	if (rest)
		rest = take_number(rest, '/', &parsed.last);
	if (!rest)
		return -EINVAL;
	if (strcmp(rest, "*") && text_number(rest, UINT64_MAX, &parsed.total))
		return -EINVAL;

	if (parsed.last < parsed.first)
		return -EINVAL;
	if (strcmp(rest, "*") && parsed.last >= parsed.total)
		return -EINVAL;
	*range = parsed;
	return 0;
}
