// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "outcomeline.h"
#include "text.h"

/* Where the line has got to */
struct line {
	char *at;
	size_t left;	/* with room for the NUL */
};

static void put(struct line *line, char c)
{
	if (line->left < 2)
		return;
	*line->at++ = c;
	*line->at = '\0';
	line->left--;
}

static void put_all(struct line *line, const char *text)
{
	for (; *text; text++)
		put(line, *text);
}

static bool is_bare(const char *value)
{
	if (!*value)
		return false;
	for (; *value; value++)
		if (!isgraph((unsigned char)*value) || strchr("\"\\", *value))
			return false;
	return true;
}

static void put_quoted(struct line *line, const char *value)
{
	put(line, '"');
	for (; *value; value++) {
		if (strchr("\"\\", *value))
			put(line, '\\');
		put(line, *value);
	}
	put(line, '"');
}

static void put_field(struct line *line, const char *key, const char *value)
{
	put(line, ' ');
	put_all(line, key);
	put(line, '=');
	if (is_bare(value))
		put_all(line, value);
	else
		put_quoted(line, value);
}

void outcomeline_make(const struct history_entry *entry, const char *module,
		      char *text, size_t size)
{
	struct line line = { text, size };
	char seconds[24];

	*text = '\0';
	text_format(seconds, sizeof(seconds), "%" PRIu64, entry->seconds);
	put_all(&line, "update");
	put_field(&line, "module", module);
	put_field(&line, "port", entry->port);
	put_field(&line, "serial", entry->serial);
	put_field(&line, "model", entry->model);
	put_field(&line, "from", entry->from);
	put_field(&line, "to", entry->to);
	put_field(&line, "origin", entry->provisioned ? "provisioned" : "manual");
	put_field(&line, "result", history_result_name(entry->result));
	put_field(&line, "reason", entry->message);
	put_field(&line, "seconds", seconds);
	put_field(&line, "url", entry->url);
	put_field(&line, "trust", entry->trust);
}
