// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "answer.h"
#include "text.h"

/* Of the fields that matter */
#define LINE_SIZE	(URL_MAX + 64)

/* HTTP/1.1 206 Partial Content */
static void take_status(struct answer *answer, const char *line)
{
	const char *status = strchr(line, ' ');

	memset(answer, 0, sizeof(*answer));
	if (status)
		answer->status = (int)strtol(status, NULL, 10);
	answer->old = !strncasecmp(line, "HTTP/1.0", 8) ||
		      !strncasecmp(line, "HTTP/0", 6);
}

/* The next item of a list, without the blanks around it; NULL: there is none. */
static char *next_item(char **list)
{
	char *item = strsep(list, ",");
	size_t length;

	if (!item)
		return NULL;
	item += strspn(item, " \t");
	length = strlen(item);
	while (length && text_is_blank(item[length - 1]))
		item[--length] = '\0';
	return item;
}

static void take_one_length(struct answer *answer, const char *value)
{
	uint64_t length = 0;
	int ret = text_number(value, INT64_MAX, &length);

	/* What no number can hold is more than there is room for, too. */
	if (ret == -ERANGE)
		length = INT64_MAX;
	if (ret == -EINVAL || (answer->has_length && length != answer->length))
		answer->contradicts = true;
	answer->has_length = true;
	answer->length = length;
}

/* One that is said twice may have become a list (RFC 9110, section 8.6). */
static void take_length(struct answer *answer, char *value)
{
	char *item;

	while ((item = next_item(&value)))
		take_one_length(answer, item);
}

static void take_range(struct answer *answer, char *value)
{
	struct range range = answer->range;
	bool said = answer->has_range;

	answer->says_range = true;
	answer->has_range = !range_parse(value, &answer->range);
	if (said && memcmp(&range, &answer->range, sizeof(range)))
		answer->contradicts = true;
}

static void take_coding(struct answer *answer, const char *coding)
{
	if (*coding && strcasecmp(coding, "identity"))
		text_format(answer->coding, sizeof(answer->coding), "%s", coding);
}

/* RFC 9110, section 8.4 */
static void take_content_coding(struct answer *answer, char *value)
{
	char *item;

	while ((item = next_item(&value)))
		take_coding(answer, item);
}

/* RFC 9112, section 6.1: the last one says where the body ends, if it is "chunked". */
static void take_transfer_coding(struct answer *answer, char *value)
{
	char *item;

	while ((item = next_item(&value))) {
		answer->chunked = !strcasecmp(item, "chunked");
		if (!answer->chunked)
			take_coding(answer, item);
	}
}

/* RFC 9110, section 8.8.3 */
static void take_etag(struct answer *answer, char *value)
{
	if (!text_is_clean(value))
		return;
	if (*value == '"')
		text_copy(answer->etag, sizeof(answer->etag), value);
	if (*value == '"' || !strncmp(value, "W/\"", 3))
		text_copy(answer->weak_etag, sizeof(answer->weak_etag), value);
}

static void take_modified(struct answer *answer, char *value)
{
	if (text_is_clean(value))
		text_copy(answer->modified, sizeof(answer->modified), value);
}

static void take_location(struct answer *answer, char *value)
{
	if (!*answer->location && text_is_clean(value))
		text_copy(answer->location, sizeof(answer->location), value);
}

static void take_retry_after(struct answer *answer, char *value)
{
	text_copy(answer->retry_after, sizeof(answer->retry_after), value);
}

static void take_date(struct answer *answer, char *value)
{
	text_copy(answer->date, sizeof(answer->date), value);
}

static const struct field {
	const char *name;
	void (*take)(struct answer *answer, char *value);
} fields[] = {
	{ "Content-Encoding:", take_content_coding },
	{ "Content-Length:", take_length },
	{ "Content-Range:", take_range },
	{ "Date:", take_date },
	{ "ETag:", take_etag },
	{ "Last-Modified:", take_modified },
	{ "Location:", take_location },
	{ "Retry-After:", take_retry_after },
	{ "Transfer-Encoding:", take_transfer_coding },
};

static void take_field(struct answer *answer, char *line)
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
