// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "keyfile.h"

/* The next line, which must have an end; NULL if there is none. */
static char *next_line(char **text)
{
	char *line = *text;
	char *end = strchr(line, '\n');

	if (!end)
		return NULL;
	*end = '\0';
	*text = end + 1;
	return line;
}

static int take_line(char *line, keyfile_take take, void *context)
{
	char *value = strchr(line, '=');

	if (!value)
		return -EINVAL;
	*value++ = '\0';
	return take(context, line, value);
}

int keyfile_parse(char *text, const char *first, keyfile_take take,
		  void *context)
{
	char *line = next_line(&text);
	int ret;

	if (!line || strcmp(line, first))
		return -EINVAL;
	while ((line = next_line(&text))) {
		if (!strcmp(line, KEYFILE_END))
			return *text ? -EINVAL : 0;
		ret = take_line(line, take, context);
		if (ret)
			return ret;
	}
	return -EINVAL;
}

void keyfile_put(FILE *out, const char *key, const char *value)
{
	fprintf(out, "%s=%s\n", key, value);
}
