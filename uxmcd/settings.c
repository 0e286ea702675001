// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "keyfile.h"
#include "settings.h"
#include "text.h"

#define FILE_NAME	"settings"
#define FIRST_LINE	"uxmcd-settings 1"
#define FILE_MAX	65536

static int check_url(const char *value)
{
	return *value && url_check(value) ? -EINVAL : 0;
}

static const struct setting {
	const char *name;
	size_t offset;
	size_t size;
	int (*check)(const char *value);
} table[] = {
	{ "firmware_uxm", offsetof(struct settings, firmware_uxm), URL_MAX + 1,
	  check_url },
};

static const struct setting *find(const char *name)
{
	const struct setting *setting;

	for (setting = table; setting < table + ARRAY_SIZE(table); setting++)
		if (!strcmp(setting->name, name))
			return setting;
	return NULL;
}

static char *value_of(const struct setting *setting, const void *settings)
{
	return (char *)settings + setting->offset;
}

/* Settings of a later version are let pass. */
static int take(void *context, const char *key, const char *value)
{
	const struct setting *setting = find(key);

	if (!setting)
		return 0;
	if (setting->check(value))
		return -EINVAL;
	return text_copy(value_of(setting, context), setting->size, value);
}

int settings_load(struct settings *settings, int dir)
{
	struct settings loaded = { 0 };
	char *text;
	int ret;

	memset(settings, 0, sizeof(*settings));
	ret = file_read(dir, FILE_NAME, FILE_MAX, &text);
	if (ret == -ENOENT)
		return 0;
	if (!ret) {
		ret = keyfile_parse(text, FIRST_LINE, take, &loaded);
		free(text);
	}
	if (ret == -EINVAL || ret == -EFBIG || ret == -E2BIG) {
		file_set_aside(dir, FILE_NAME);
		return -EINVAL;
	}
	if (!ret)
		*settings = loaded;
	return ret;
}

static int store(const struct settings *settings, int dir)
{
	const struct setting *setting;
	char *text = NULL;
	size_t length;
	FILE *out;
	int ret;

	out = open_memstream(&text, &length);
	if (!out)
		return -ENOMEM;
	fprintf(out, "%s\n", FIRST_LINE);
	for (setting = table; setting < table + ARRAY_SIZE(table); setting++)
		keyfile_put(out, setting->name, value_of(setting, settings));
	fprintf(out, "%s\n", KEYFILE_END);

	ret = fclose(out) ? -ENOMEM :
			    file_replace(dir, FILE_NAME, text, length);
	free(text);
	return ret;
}

int settings_get(const struct settings *settings, const char *name,
		 const char **value)
{
	const struct setting *setting = find(name);

	if (!setting)
		return -ENOENT;
	*value = value_of(setting, settings);
	return 0;
}

int settings_set(struct settings *settings, int dir, const char *name,
		 const char *value)
{
	const struct setting *setting = find(name);
	struct settings changed = *settings;
	int ret;

	if (!setting)
		return -ENOENT;
	if (setting->check(value) ||
	    text_copy(value_of(setting, &changed), setting->size, value))
		return -EINVAL;
	ret = store(&changed, dir);
	if (!ret)
		*settings = changed;
	return ret;
}
