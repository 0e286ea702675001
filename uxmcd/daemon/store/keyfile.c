// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "keyfile.h"
#include "log.h"
#include "setting.h"
#include "text.h"

#define END	"end"

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

static int take_line(const struct keyfile *keyfile, char *line, void *context)
{
	char *value = strchr(line, '=');

	if (!value)
		return -EINVAL;
	*value++ = '\0';
	/* The value may be a secret. */
	if (!keyfile->take(context, line, value))
		log_warning("%s: the value of %s makes no sense, and is passed over",
			    keyfile->name, line);
	return 0;
}

static int parse(const struct keyfile *keyfile, char *text, void *context)
{
	char *line = next_line(&text);
	int ret;

	if (!line || strcmp(line, keyfile->first))
		return -EINVAL;
	while ((line = next_line(&text))) {
		if (!strcmp(line, END))
			return *text ? -EINVAL : 0;
		ret = take_line(keyfile, line, context);
		if (ret)
			return ret;
	}
	return -EINVAL;
}

int keyfile_load(const struct keyfile *keyfile, int dir, void *context,
		 char **text)
{
	char *read = NULL;
	int ret;

	ret = file_read(dir, keyfile->name, keyfile->max, &read);
	if (!ret)
		ret = parse(keyfile, read, context);
	if (!ret && keyfile->is_sound && !keyfile->is_sound(context))
		ret = -EINVAL;
	if (!ret && text)
		*text = read;
	else
		free(read);
	if (ret == -EINVAL || ret == -EFBIG) {
		file_set_aside(dir, keyfile->name);
		return -EINVAL;
	}
	return ret;
}

int keyfile_store(const struct keyfile *keyfile, int dir, const void *context)
{
	char *text = NULL;
	size_t length;
	FILE *out;
	int ret;

	out = open_memstream(&text, &length);
	if (!out)
		return -ENOMEM;
	fprintf(out, "%s\n", keyfile->first);
	keyfile->put(out, context);
	fprintf(out, "%s\n", END);
	ret = fclose(out) ? -ENOMEM :
			    file_update(dir, keyfile->name, text, length);
	free(text);
	return ret;
}
