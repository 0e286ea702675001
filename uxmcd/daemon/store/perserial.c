// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keyfile.h"
#include "perserial.h"
#include "text.h"
#include "url.h"

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

/* module=URL SERIAL; the latter may have blanks in it. What is none is not kept. */
static bool take(void *context, const char *key, const char *value)
{
	size_t length = strcspn(value, " ");
	char url[URL_MAX + 1];

	if (strcmp(key, KEY) || !value[length] || length >= sizeof(url))
		return false;
	text_format(url, sizeof(url), "%.*s", (int)length, value);
	value += length + 1;
	return is_sound(value, url) && !put(context, value, url);
}

void perserial_clear(struct perserial *perserial)
{
	while (perserial->count)
		remove_at(perserial, perserial->count - 1);
}

static void put_all(FILE *out, const void *context)
{
	const struct perserial *perserial = context;
	const struct perserial_entry *entry = perserial->list;

	for (; entry < perserial->list + perserial->count; entry++)
		fprintf(out, "%s=%s %s\n", KEY, entry->url, entry->serial);
}

static const struct keyfile keyfile = {
	.name = "modules",
	.first = "uxmcd-modules 1",
	.max = PERSERIAL_MAX * 4096UL,
	.take = take,
	.put = put_all,
};

int perserial_load(struct perserial *perserial, int dir)
{
	int ret;

	perserial->count = 0;
	ret = keyfile_load(&keyfile, dir, perserial, NULL);
	if (ret)
		perserial_clear(perserial);
	return ret == -ENOENT ? 0 : ret;
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

int perserial_save(const struct perserial *perserial, int dir)
{
	return keyfile_store(&keyfile, dir, perserial);
}

int perserial_updated(struct perserial *perserial, const char *serial,
		      const char *url)
{
	return is_sound(serial, url) ? put(perserial, serial, url) : -EINVAL;
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
		ret = perserial_save(&changed, dir);
	if (!ret)
		*perserial = changed;
	perserial_clear(ret ? &changed : &before);
	return ret;
}
