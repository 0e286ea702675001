// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"
#include "keyfile.h"
#include "record.h"
#include "text.h"

#define KEY		"update"

static const char * const origins[] = { "manual", "provisioned" };

static const char * const results[] = {
	[HISTORY_DONE]		= "done",
	[HISTORY_FAILED]	= "failed",
	[HISTORY_CANCELLED]	= "cancelled",
};

/* An update is one line: these, with tabs between them. Version 1.0 has no trust. */
static const struct record_field fields[] = {
	RECORD_FIELD(history_entry, when, RECORD_NUMBER),
	RECORD_FIELD(history_entry, seconds, RECORD_NUMBER),
	RECORD_NAMED(history_entry, provisioned, "origin", origins),
	RECORD_NAMED(history_entry, result, "result", results),
	RECORD_FIELD(history_entry, port, RECORD_TEXT),
	RECORD_FIELD(history_entry, serial, RECORD_TEXT),
	RECORD_FIELD(history_entry, model, RECORD_TEXT),
	RECORD_FIELD(history_entry, from, RECORD_TEXT),
	RECORD_FIELD(history_entry, to, RECORD_TEXT),
	RECORD_FIELD(history_entry, url, RECORD_TEXT),
	RECORD_FIELD(history_entry, message, RECORD_TEXT),
	RECORD_FIELD(history_entry, trust, RECORD_TEXT),
};

static const struct record_type type = RECORD_TYPE(fields);
static const struct record_type old_type = { fields, ARRAY_SIZE(fields) - 1 };

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

static bool parse(const char *line, struct history_entry *entry)
{
	memset(entry, 0, sizeof(*entry));
	entry->result = HISTORY_FAILED;
	return record_take_line(&type, entry, line, '\t') ||
	       record_take_line(&old_type, entry, line, '\t');
}

static void drop_oldest(struct lines *lines)
{
	lines->count--;
	memmove(&lines->list[0], &lines->list[1],
		lines->count * sizeof(lines->list[0]));
}

/* A line that is none is not kept. */
static bool take(void *context, const char *key, const char *value)
{
	struct lines *lines = context;
	struct history_entry entry;

	if (strcmp(key, KEY) || !parse(value, &entry))
		return false;
	if (lines->count == HISTORY_MAX)
		drop_oldest(lines);
	lines->list[lines->count++] = value;
	return true;
}

static void put(FILE *out, const void *context)
{
	const struct lines *lines = context;
	size_t i;

	for (i = 0; i < lines->count; i++)
		fprintf(out, "%s=%s\n", KEY, lines->list[i]);
	fputs(KEY "=", out);
	record_put_line(out, &type, lines->more, '\t');
	fputc('\n', out);
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
		parse(lines.list[i], &entry);
		take_entry(context, &entry);
	}
	free(text);
	return ret;
}
