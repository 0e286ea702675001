// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "file.h"
#include "journal.h"
#include "keyfile.h"
#include "text.h"

static const char * const step_names[] = {
	[JOURNAL_COPY]		= "copy",
	[JOURNAL_FETCH]		= "fetch",
	[JOURNAL_FLASH]		= "flash",
	[JOURNAL_DONE]		= "done",
	[JOURNAL_FAILED]	= "failed",
};

const char *journal_step_name(enum journal_step step)
{
	return step_names[step];
}

#define AT(name)	offsetof(struct journal, name)

/* For the sizes of its members. */
#define SHAPE		(*(struct journal *)NULL)

static const struct text {
	const char *name;
	size_t offset;
	size_t size;
} texts[] = {
	{ "url", AT(url), sizeof(SHAPE.url) },
	{ "name", AT(name), sizeof(SHAPE.name) },
	{ "expect", AT(expect), sizeof(SHAPE.expect) },
	{ "from", AT(from), sizeof(SHAPE.from) },
	{ "port", AT(port), sizeof(SHAPE.port) },
	{ "serial", AT(serial), sizeof(SHAPE.serial) },
	{ "etag", AT(etag), sizeof(SHAPE.etag) },
	{ "modified", AT(modified), sizeof(SHAPE.modified) },
	{ "boot", AT(boot), sizeof(SHAPE.boot) },
};

static const struct number {
	const char *name;
	size_t offset;
} numbers[] = {
	{ "size", AT(size) },
	{ "announced", AT(announced) },
	{ "resumed", AT(resumed) },
	{ "provisioned", AT(provisioned) },
};

static void *field(const struct journal *journal, size_t offset)
{
	return (char *)journal + offset;
}

static int take_step(struct journal *journal, const char *value)
{
	size_t step;

	for (step = 0; step < ARRAY_SIZE(step_names); step++)
		if (!strcmp(value, step_names[step])) {
			journal->step = (enum journal_step)step;
			return 0;
		}
	return -EINVAL;
}

static int take_kind(struct journal *journal, const char *value)
{
	journal->file = !strcmp(value, "file");
	return journal->file || !strcmp(value, "url") ? 0 : -EINVAL;
}

static int take_text(struct journal *journal, const char *key,
		     const char *value)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		if (!strcmp(key, texts[i].name))
			return text_copy(field(journal, texts[i].offset),
					 texts[i].size, value) ? -EINVAL : 0;
	return -ENOENT;
}

static int take_number(struct journal *journal, const char *key,
		       const char *value)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (!strcmp(key, numbers[i].name))
			return text_number(value, INT64_MAX,
					   field(journal, numbers[i].offset)) ?
			       -EINVAL : 0;
	return -ENOENT;
}

static int take(void *context, const char *key, const char *value)
{
	struct journal *journal = context;
	int ret;

	if (!text_is_clean(value))
		return -EINVAL;
	if (!strcmp(key, "step"))
		return take_step(journal, value);
	if (!strcmp(key, "kind"))
		return take_kind(journal, value);
	ret = take_text(journal, key, value);
	if (ret == -ENOENT)
		ret = take_number(journal, key, value);
	return ret == -ENOENT ? 0 : ret;
}

/* What an update cannot do without, and what becomes a file name. */
static bool is_sound(const void *context)
{
	const struct journal *journal = context;
	struct imagename image;

	return *journal->url && *journal->port &&
	       !imagename_parse(journal->name, &image) &&
	       !strcmp(image.version, journal->expect);
}

static void put(FILE *out, const void *context)
{
	const struct journal *journal = context;
	size_t i;

	keyfile_put(out, "step", step_names[journal->step]);
	keyfile_put(out, "kind", journal->file ? "file" : "url");
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		keyfile_put(out, texts[i].name,
			    field(journal, texts[i].offset));
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		fprintf(out, "%s=%" PRIu64 "\n", numbers[i].name,
			*(uint64_t *)field(journal, numbers[i].offset));
}

static const struct keyfile keyfile = {
	.name = "journal",
	.first = "uxmcd-journal 1",
	.max = 16384,
	.take = take,
	.is_sound = is_sound,
	.put = put,
};

int journal_write(const struct journal *journal, int dir)
{
	return keyfile_store(&keyfile, dir, journal);
}

int journal_load(struct journal *journal, int dir)
{
	struct journal loaded = { 0 };
	int ret = keyfile_load(&keyfile, dir, &loaded, NULL);

	if (!ret)
		*journal = loaded;
	return ret;
}

int journal_clear(int dir)
{
	return file_remove(dir, keyfile.name);
}
