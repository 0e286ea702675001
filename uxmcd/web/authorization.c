// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "authorization.h"
#include "base64.h"
#include "text.h"

/* More leniently than base64_decode(): clients differ in how they end it. */
static int decode(const char *text, char *to, size_t size)
{
	unsigned int bits = 0, word = 0;
	size_t length = 0;

	for (; base64_value(*text) >= 0; text++) {
		word = word << 6 | (unsigned int)base64_value(*text);
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		if (length + 1 == size)
			return -E2BIG;
		to[length++] = (char)(word >> bits);
	}
	to[length] = '\0';
	/* What would end it early is no part of a name or password. */
	return strspn(text, "= ") == strlen(text) && strlen(to) == length ?
	       0 : -EINVAL;
}

static const struct parameter {
	const char *name;
	size_t offset;
	size_t size;
} parameters[] = {
#define PARAMETER(name) { #name, offsetof(struct authorization_digest, name), \
			  sizeof(((struct authorization_digest *)NULL)->name) }
	PARAMETER(username),
	PARAMETER(realm),
	PARAMETER(nonce),
	PARAMETER(uri),
	PARAMETER(response),
	PARAMETER(algorithm),
	PARAMETER(cnonce),
	PARAMETER(qop),
	PARAMETER(nc),
};

/* RFC 9110, 5.6.4: what is in quotes, where a backslash escapes one character */
static const char *take_quoted(const char *text, char *value, size_t size)
{
	size_t length = 0;

	for (; *text && *text != '"'; text++) {
		if (*text == '\\' && text[1])
			text++;
		if (length + 1 == size)
			return NULL;
		value[length++] = *text;
	}
	value[length] = '\0';
	return *text ? text + 1 : NULL;
}

/* What follows it; NULL: it makes no sense. */
static const char *take_value(const char *text, char *value, size_t size)
{
	size_t length;

	if (*text == '"')
		return take_quoted(text + 1, value, size);
	length = strcspn(text, ", \t");
	if (length >= size)
		return NULL;
	memcpy(value, text, length);
	value[length] = '\0';
	return text + length;
}

static const struct parameter *find_parameter(const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parameters); i++)
		if (strlen(parameters[i].name) == length &&
		    !strncasecmp(parameters[i].name, name, length))
			return &parameters[i];
	return NULL;
}

/* One "NAME=VALUE"; what is not known is passed over. */
static const char *take_parameter(const char *text,
				  struct authorization_digest *digest)
{
	size_t length = strcspn(text, "=, \t");
	const struct parameter *parameter = find_parameter(text, length);
	char other[AUTHORIZATION_MAX];

	if (!length || text[length] != '=')
		return NULL;
	if (!parameter)
		return take_value(text + length + 1, other, sizeof(other));
	return take_value(text + length + 1, (char *)digest + parameter->offset,
			  parameter->size);
}

static bool parse_digest(const char *text, struct authorization_digest *digest)
{
	while (text) {
		text += strspn(text, ", \t");
		if (!*text)
			return text_is_clean(digest->username);
		text = take_parameter(text, digest);
	}
	return false;
}

void authorization_parse(const char *header, struct authorization *authorization)
{
	memset(authorization, 0, sizeof(*authorization));
	if (!strncasecmp(header, "Basic ", 6)) {
		header += 6 + strspn(header + 6, " ");
		if (!decode(header, authorization->basic, AUTHORIZATION_MAX) &&
		    text_is_clean(authorization->basic))
			authorization->scheme = AUTHORIZATION_BASIC;
	} else if (!strncasecmp(header, "Digest ", 7)) {
		if (parse_digest(header + 7, &authorization->digest))
			authorization->scheme = AUTHORIZATION_DIGEST;
	}
}
