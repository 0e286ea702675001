// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "keyfile.h"
#include "perserial.h"
#include "text.h"
#include "url.h"

#define FILE_NAME	"modules"
#define FIRST_LINE	"uxmcd-modules 1"
#define FILE_MAX	(PERSERIAL_MAX * 4096UL)
#define KEY		"module"

static void remove_at(struct perserial *perserial, size_t at)
{
	struct perserial_entry *entry = &perserial->list[at];

	free(entry->serial);
	free(entry->url);
	perserial->count--;
	memmove(entry, entry + 1, (perserial->count - at) * sizeof(*entry));
}

static int append(struct perserial *perserial, const char *serial,
		  const char *url)
{
	struct perserial_entry entry = { strdup(serial), strdup(url) };

	if (!entry.serial || !entry.url) {
		free(entry.serial);
		free(entry.url);
		return -ENOMEM;
	}
	if (perserial->count == PERSERIAL_MAX)
		remove_at(perserial, 0);
	perserial->list[perserial->count++] = entry;
	return 0;
}

/* Its place, or the count if it is not there. */
static size_t find(const struct perserial *perserial, const char *serial)
{
	size_t at = 0;

	while (at < perserial->count &&
	       strcmp(perserial->list[at].serial, serial))
		at++;
	return at;
}

static int put(struct perserial *perserial, const char *serial,
	       const char *url)
{
	size_t at = find(perserial, serial);

	if (at < perserial->count)
		remove_at(perserial, at);
	return *url ? append(perserial, serial, url) : 0;
}

/* It must be possible to tell URL and serial number from each other again. */
static bool is_sound(const char *serial, const char *url)
{
	return text_is_clean(serial) && !url_check(url);
}

/* module=URL SERIAL */
static int take(void *context, const char *key, const char *value)
{
	size_t length = strcspn(value, " ");
	char url[URL_MAX + 1];

	if (strcmp(key, KEY))
		return 0;
	if (!value[length] || length >= sizeof(url))
		return -EINVAL;
	text_format(url, sizeof(url), "%.*s", (int)length, value);
	value += length + 1;
	return is_sound(value, url) ? put(context, value, url) : -EINVAL;
}

void perserial_clear(struct perserial *perserial)
{
	while (perserial->count)
		remove_at(perserial, perserial->count - 1);
}

int perserial_load(struct perserial *perserial, int dir)
{
	char *text;
	int ret;

	perserial->count = 0;
	ret = file_read(dir, FILE_NAME, FILE_MAX, &text);
	if (ret == -ENOENT)
		return 0;
	if (!ret) {
		ret = keyfile_parse(text, FIRST_LINE, take, perserial);
		free(text);
	}
	if (ret)
		perserial_clear(perserial);
	if (ret == -EINVAL || ret == -EFBIG) {
		file_set_aside(dir, FILE_NAME);
		return -EINVAL;
	}
	return ret;
}

static char *compose(const struct perserial *perserial, size_t *length)
{
	const struct perserial_entry *entry = perserial->list;
	char *text = NULL;
	FILE *out;

	out = open_memstream(&text, length);
	if (!out)
		return NULL;
	fprintf(out, "%s\n", FIRST_LINE);
	for (; entry < perserial->list + perserial->count; entry++)
		fprintf(out, "%s=%s %s\n", KEY, entry->url, entry->serial);
	fprintf(out, "%s\n", KEYFILE_END);

	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

static int store(const struct perserial *perserial, int dir)
{
	size_t length;
	char *text;
	int ret;

	text = compose(perserial, &length);
	if (!text)
		return -ENOMEM;
	ret = file_update(dir, FILE_NAME, text, length);
	free(text);
	return ret;
}

const char *perserial_get(const struct perserial *perserial,
			  const char *serial)
{
	size_t at = find(perserial, serial);

	return at < perserial->count ? perserial->list[at].url : "";
}

static int copy(struct perserial *to, const struct perserial *from)
{
	const struct perserial_entry *entry = from->list;
	int ret = 0;

	for (; !ret && entry < from->list + from->count; entry++)
		ret = append(to, entry->serial, entry->url);
	return ret;
}

static int change(struct perserial *perserial, const char *serial,
		  const char *url)
{
	if (serial)
		return put(perserial, serial, url);
	perserial_clear(perserial);
	return 0;
}

int perserial_set(struct perserial *perserial, int dir, const char *serial,
		  const char *url)
{
	struct perserial changed = { 0 }, before = *perserial;
	int ret;

	if (serial && *url && !is_sound(serial, url))
		return -EINVAL;
	ret = copy(&changed, perserial);
	if (!ret)
		ret = change(&changed, serial, url);
	if (!ret)
		ret = store(&changed, dir);
	if (!ret)
		*perserial = changed;
	perserial_clear(ret ? &changed : &before);
	return ret;
}
