// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#include "history.h"
#include "keyfile.h"
#include "text.h"

#define KEY		"update"

/* An update is one line: these, with tabs between them. */

static const char * const origins[] = { "manual", "provisioned" };

static const char * const results[] = {
	[HISTORY_DONE]		= "done",
	[HISTORY_FAILED]	= "failed",
	[HISTORY_CANCELLED]	= "cancelled",
};

#define NUMBER_MAX	((uint64_t)INT64_MAX)

#define AT(name)	offsetof(struct history_entry, name)

/* For the sizes of its members. */
#define SHAPE		(*(struct history_entry *)NULL)

static const struct text {
	size_t offset;
	size_t size;
} texts[] = {
	{ AT(port), sizeof(SHAPE.port) },
	{ AT(serial), sizeof(SHAPE.serial) },
	{ AT(model), sizeof(SHAPE.model) },
	{ AT(from), sizeof(SHAPE.from) },
	{ AT(to), sizeof(SHAPE.to) },
	{ AT(url), sizeof(SHAPE.url) },
	{ AT(message), sizeof(SHAPE.message) },
};

#define FIELDS		(4 + ARRAY_SIZE(texts))

/* The lines of a file, of which the last ones count, and one to add. */
struct lines {
	size_t count;
	const char *list[HISTORY_MAX];
	const struct history_entry *more;
};

const char *history_result_name(enum history_result result)
{
	return results[result];
}

static char *field(const struct history_entry *entry, size_t offset)
{
	return (char *)entry + offset;
}

static bool is_plain(char byte)
{
	return byte >= 0x20 && byte < 0x7f;
}

static int take_text(const char **line, char *to, size_t size)
{
	size_t i;

	for (i = 0; **line && **line != '\t'; i++, (*line)++) {
		if (i + 1 >= size || !is_plain(**line))
			return -EINVAL;
		to[i] = **line;
	}
	to[i] = '\0';
	if (**line)
		(*line)++;
	return 0;
}

static int take_number(const char **line, uint64_t *number)
{
	char text[24];

	if (take_text(line, text, sizeof(text)))
		return -EINVAL;
	return text_number(text, NUMBER_MAX, number) ? -EINVAL : 0;
}

/* Gives its place among the words. */
static int take_word(const char **line, const char * const words[],
		     size_t count)
{
	char text[24];
	size_t i;

	if (take_text(line, text, sizeof(text)))
		return -EINVAL;
	for (i = 0; i < count; i++)
		if (!strcmp(text, words[i]))
			return (int)i;
	return -EINVAL;
}

static int take_texts(const char **line, struct history_entry *entry)
{
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		ret = take_text(line, field(entry, texts[i].offset),
				texts[i].size);
		if (ret)
			return ret;
	}
	return 0;
}

static size_t count_fields(const char *line)
{
	size_t count = 1;

	while ((line = strchr(line, '\t'))) {
		line++;
		count++;
	}
	return count;
}

/* Fields of a later version, after the known ones, are ignored. */
static int parse(const char *line, struct history_entry *entry)
{
	int origin, result;

	if (count_fields(line) < FIELDS || take_number(&line, &entry->when) ||
	    take_number(&line, &entry->seconds))
		return -EINVAL;

	origin = take_word(&line, origins, ARRAY_SIZE(origins));
	result = take_word(&line, results, ARRAY_SIZE(results));
	if (origin < 0 || result < 0)
		return -EINVAL;
	entry->provisioned = origin;
	entry->result = (enum history_result)result;
	return take_texts(&line, entry);
}

static void drop_oldest(struct lines *lines)
{
	lines->count--;
	memmove(&lines->list[0], &lines->list[1],
		lines->count * sizeof(lines->list[0]));
}

static int take(void *context, const char *key, const char *value)
{
	struct lines *lines = context;
	struct history_entry entry;

	if (strcmp(key, KEY))
		return 0;
	if (parse(value, &entry))
		return -EINVAL;
	if (lines->count == HISTORY_MAX)
		drop_oldest(lines);
	lines->list[lines->count++] = value;
	return 0;
}

static void put_text(FILE *out, const char *text)
{
	fputc('\t', out);
	for (; *text; text++)
		fputc(is_plain(*text) ? *text : '?', out);
}

static void put_entry(FILE *out, const struct history_entry *entry)
{
	size_t i;

	fprintf(out, "%s=%" PRIu64 "\t%" PRIu64 "\t%s\t%s", KEY,
		MIN(entry->when, NUMBER_MAX), MIN(entry->seconds, NUMBER_MAX),
		origins[entry->provisioned], results[entry->result]);
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		put_text(out, field(entry, texts[i].offset));
	fputc('\n', out);
}

static void put(FILE *out, const void *context)
{
	const struct lines *lines = context;
	size_t i;

	for (i = 0; i < lines->count; i++)
		keyfile_put(out, KEY, lines->list[i]);
	put_entry(out, lines->more);
}

static const struct keyfile keyfile = {
	.name = "history",
	.first = "uxmcd-history 1",
	.max = 131072,
	.take = take,
	.put = put,
};

/* @text is to be freed, and the lines are parts of it. -EINVAL: set aside. */
static int load(int dir, struct lines *lines, char **text)
{
	int ret;

	lines->count = 0;
	*text = NULL;
	ret = keyfile_load(&keyfile, dir, lines, text);
	if (ret)
		lines->count = 0;
	return ret == -ENOENT ? 0 : ret;
}

int history_add(int dir, const struct history_entry *entry)
{
	struct lines lines;
	char *text;
	int loaded, ret;

	loaded = load(dir, &lines, &text);
	ret = loaded == -EINVAL ? 0 : loaded;
	if (!ret) {
		if (lines.count == HISTORY_MAX)
			drop_oldest(&lines);
		lines.more = entry;
		ret = keyfile_store(&keyfile, dir, &lines);
	}
	free(text);
	return ret ? ret : loaded == -EINVAL;
}

int history_read(int dir, history_take take_entry, void *context)
{
	struct history_entry entry;
	struct lines lines;
	char *text;
	size_t i;
	int ret;

	ret = load(dir, &lines, &text);
	for (i = 0; !ret && i < lines.count; i++) {
		ret = parse(lines.list[i], &entry);
		if (!ret)
			take_entry(context, &entry);
	}
	free(text);
	return ret;
}
