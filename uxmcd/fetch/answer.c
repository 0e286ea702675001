// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "answer.h"
#include "text.h"

#define LINE_SIZE	512

/* HTTP/1.1 206 Partial Content */
static void take_status(struct answer *answer, const char *line)
{
	const char *status = strchr(line, ' ');

	memset(answer, 0, sizeof(*answer));
	if (status)
		answer->status = (int)strtol(status, NULL, 10);
}

static void take_length(struct answer *answer, const char *value)
{
	int ret = text_number(value, INT64_MAX, &answer->length);

	/* What no number can hold is more than there is room for, too. */
	if (ret == -ERANGE)
		answer->length = INT64_MAX;
	answer->has_length = ret != -EINVAL;
}

static void take_range(struct answer *answer, const char *value)
{
	answer->has_range = !range_parse(value, &answer->range);
}

/* RFC 9110, section 8.8.3 */
static void take_etag(struct answer *answer, const char *value)
{
	if (!text_is_clean(value))
		return;
	if (*value == '"')
		text_copy(answer->etag, sizeof(answer->etag), value);
	if (*value == '"' || !strncmp(value, "W/\"", 3))
		text_copy(answer->weak_etag, sizeof(answer->weak_etag), value);
}

static void take_modified(struct answer *answer, const char *value)
{
	if (text_is_clean(value))
		text_copy(answer->modified, sizeof(answer->modified), value);
}

static const struct field {
	const char *name;
	void (*take)(struct answer *answer, const char *value);
} fields[] = {
	{ "Content-Length:", take_length },
	{ "Content-Range:", take_range },
	{ "ETag:", take_etag },
	{ "Last-Modified:", take_modified },
};

static void take_field(struct answer *answer, const char *line)
{
	const struct field *field;
	size_t length;

	for (field = fields; field < fields + ARRAY_SIZE(fields); field++) {
		length = strlen(field->name);
		if (strncasecmp(line, field->name, length))
			continue;
		line += length;
		field->take(answer, line + strspn(line, " \t"));
		return;
	}
}

bool answer_take(struct answer *answer, const char *line, size_t length)
{
	char text[LINE_SIZE];

	while (length && strchr("\r\n \t", line[length - 1]))
		length--;
	if (!length)
		return true;
	/* None of the fields that matter is that long. */
	if (length >= sizeof(text))
		return false;
	memcpy(text, line, length);
	text[length] = '\0';

	if (!strncasecmp(text, "HTTP/", 5))
		take_status(answer, text);
	else
		take_field(answer, text);
	return false;
}
