// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "journal.h"
#include "keyfile.h"
#include "text.h"

#define FILE_NAME	"journal"
#define FIRST_LINE	"uxmcd-journal 1"
#define FILE_MAX	16384

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

/* What a job cannot do without, and what becomes a file name. */
static bool is_sound(const struct journal *journal)
{
	struct imagename image;

	return *journal->url && *journal->port &&
	       !imagename_parse(journal->name, &image) &&
	       !strcmp(image.version, journal->expect);
}

static char *compose(const struct journal *journal, size_t *length)
{
	char *text = NULL;
	FILE *out;
	size_t i;

	out = open_memstream(&text, length);
	if (!out)
		return NULL;
	fprintf(out, "%s\n", FIRST_LINE);
	keyfile_put(out, "step", step_names[journal->step]);
	keyfile_put(out, "kind", journal->file ? "file" : "url");
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		keyfile_put(out, texts[i].name,
			    field(journal, texts[i].offset));
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		fprintf(out, "%s=%llu\n", numbers[i].name,
			*(unsigned long long *)field(journal,
						     numbers[i].offset));
	fprintf(out, "%s\n", KEYFILE_END);

	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

int journal_write(const struct journal *journal, int dir)
{
	size_t length;
	char *text;
	int ret;

	text = compose(journal, &length);
	if (!text)
		return -ENOMEM;
	ret = file_replace(dir, FILE_NAME, text, length);
	free(text);
	return ret;
}

int journal_load(struct journal *journal, int dir)
{
	struct journal loaded = { 0 };
	char *text;
	int ret;

	ret = file_read(dir, FILE_NAME, FILE_MAX, &text);
	if (!ret) {
		ret = keyfile_parse(text, FIRST_LINE, take, &loaded);
		free(text);
		if (!ret && !is_sound(&loaded))
			ret = -EINVAL;
	}
	if (ret == -EINVAL || ret == -EFBIG) {
		file_set_aside(dir, FILE_NAME);
		return -EINVAL;
	}
	if (!ret)
		*journal = loaded;
	return ret;
}

int journal_clear(int dir)
{
	return file_remove(dir, FILE_NAME);
}
