// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "imagename.h"
#include "model.h"
#include "text.h"
#include "version.h"

#define SUFFIX	"-r.bin"

static const char *skip(const char *text, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(text, prefix, length) ? NULL : text + length;
}

/* snomD7C-; gives what follows it */
static const char *parse_model(const char *text, char *model, size_t size)
{
	const char *rest;
	size_t i;

	text = skip(text, "snom");
	if (!text)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(models); i++) {
		rest = skip(text, models[i].name);
		if (rest && *rest == '-' &&
		    !text_copy(model, size, models[i].name))
			return rest + 1;
	}
	return NULL;
}

/* 1.6.1-r.bin */
static int parse_version(const char *text, char *version, size_t size)
{
	struct version numbers;
	size_t length = strlen(text);

	if (length <= strlen(SUFFIX))
		return -EINVAL;
	length -= strlen(SUFFIX);
	if (strcmp(text + length, SUFFIX) || length >= size)
		return -EINVAL;
	memcpy(version, text, length);
	version[length] = '\0';
	return version_parse(version, &numbers);
}

int imagename_parse(const char *text, struct imagename *name)
{
	struct imagename parsed;

	if (strlen(text) > IMAGENAME_MAX)
		return -EINVAL;
	text = parse_model(text, parsed.model, sizeof(parsed.model));
	if (!text)
		return -EINVAL;
	if (parse_version(text, parsed.version, sizeof(parsed.version)))
		return -EINVAL;
	*name = parsed;
	return 0;
}
