// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "multipart.h"
#include "text.h"

/* What follows the last delimiter: "--", CRLF */
#define TAIL_ENDS	4

/* The value of "; NAME=" in a header, with or without quotes; -ENOENT */
static int take_parameter(const char *header, const char *name, char *to, size_t size)
{
	size_t length = strlen(name);
	const char *place = header;

	while ((place = strchr(place, ';'))) {
		place += 1 + strspn(place + 1, " \t");
		if (strncasecmp(place, name, length) || place[length] != '=')
			continue;
		place += length + 1;
		length = strcspn(place, "; \t");
		if (*place == '"') {
			place++;
			length = strcspn(place, "\"");
		}
		if (length >= size)
			return -E2BIG;
		memcpy(to, place, length);
		to[length] = '\0';
		return 0;
	}
	return -ENOENT;
}

int multipart_open(struct multipart *multipart, const char *type,
		   const struct multipart_ops *ops, void *context)
{
	char boundary[MULTIPART_BOUNDARY_MAX + 1];

	memset(multipart, 0, sizeof(*multipart));
	if (take_parameter(type, "boundary", boundary, sizeof(boundary)) ||
	    !*boundary)
		return -EINVAL;
	text_format(multipart->delimiter, sizeof(multipart->delimiter), "\r\n--%s",
		    boundary);
	/* The first one has no line before it. */
	multipart->matched = 2;
	multipart->ops = ops;
	multipart->context = context;
	return 0;
}

size_t multipart_tail(const struct multipart *multipart)
{
	return strlen(multipart->delimiter) + TAIL_ENDS;
}

/* What browsers of old sent was the whole path. */
static void drop_directories(char *file)
{
	char *slash = strrchr(file, '/'), *backslash = strrchr(file, '\\');
	char *last = slash > backslash ? slash : backslash;

	if (last)
		memmove(file, last + 1, strlen(last + 1) + 1);
}

/* Of its headers this one matters: "Content-Disposition: form-data; name=..." */
static int begin_part(struct multipart *multipart)
{
	static const char wanted[] = "Content-Disposition:";
	struct multipart_part part = { .at = multipart->taken };
	char *rest = multipart->headers, *line;
	bool found = false;

	while (!found && (line = strsep(&rest, "\r\n")))
		found = !strncasecmp(line, wanted, strlen(wanted));
	if (!found || take_parameter(line, "name", part.name, sizeof(part.name)))
		return -EINVAL;
	if (take_parameter(line, "filename", part.file, sizeof(part.file)) == -E2BIG)
		return -EINVAL;
	drop_directories(part.file);
	return multipart->ops->begin(multipart->context, &part);
}

static int flush(struct multipart *multipart)
{
	size_t filled = multipart->filled;

	multipart->filled = 0;
	if (!filled || multipart->state != MULTIPART_DATA)
		return 0;
	return multipart->ops->data(multipart->context, multipart->chunk, filled);
}

static int put(struct multipart *multipart, const char *data, size_t count)
{
	int ret = 0;

	while (count-- && !ret) {
		multipart->chunk[multipart->filled++] = *data++;
		if (multipart->filled == MULTIPART_CHUNK)
			ret = flush(multipart);
	}
	return ret;
}

static int end_part(struct multipart *multipart)
{
	bool was_data = multipart->state == MULTIPART_DATA;
	int ret = flush(multipart);

	multipart->matched = 0;
	multipart->length = 0;
	multipart->state = MULTIPART_BOUNDARY;
	if (ret || !was_data)
		return ret;
	return multipart->ops->end(multipart->context);
}

/* What was taken for the delimiter, which alone begins with CR, is data after all. */
static int take_data(struct multipart *multipart, char c)
{
	size_t matched = multipart->matched;
	int ret = 0;

	if (c == multipart->delimiter[matched]) {
		multipart->matched++;
		return multipart->delimiter[matched + 1] ? 0 : end_part(multipart);
	}
	multipart->matched = c == *multipart->delimiter;
	if (matched)
		ret = put(multipart, multipart->delimiter, matched);
	if (!ret && !multipart->matched)
		ret = put(multipart, &c, 1);
	return ret;
}

/* After a boundary: "--", or blanks and the end of the line */
static int take_after(struct multipart *multipart, char c)
{
	if (!multipart->length && (c == ' ' || c == '\t'))
		return 0;
	multipart->after[multipart->length++] = c;
	if (multipart->length < 2)
		return 0;
	multipart->length = 0;
	if (!memcmp(multipart->after, "--", 2))
		multipart->state = MULTIPART_END;
	else if (!memcmp(multipart->after, "\r\n", 2))
		multipart->state = MULTIPART_HEADERS;
	else
		return -EINVAL;
	return 0;
}

static int take_header(struct multipart *multipart, char c)
{
	char *headers = multipart->headers;
	size_t length = multipart->length;

	if (!c || length + 1 == MULTIPART_HEADERS_MAX)
		return -EINVAL;
	headers[length++] = c;
	headers[length] = '\0';
	multipart->length = length;
	if (length < 4 || memcmp(headers + length - 4, "\r\n\r\n", 4) != 0)
		return 0;
	multipart->length = 0;
	multipart->state = MULTIPART_DATA;
	return begin_part(multipart);
}

static int take_one(struct multipart *multipart, char c)
{
	multipart->taken++;
	switch (multipart->state) {
	case MULTIPART_PREAMBLE:
	case MULTIPART_DATA:
		return take_data(multipart, c);
	case MULTIPART_BOUNDARY:
		return take_after(multipart, c);
	case MULTIPART_HEADERS:
		return take_header(multipart, c);
	case MULTIPART_END:
		break;
	}
	return 0;
}

int multipart_take(struct multipart *multipart, const char *data, size_t count)
{
	int ret = 0;

	while (count-- && !ret)
		ret = take_one(multipart, *data++);
	return ret;
}
