// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

int text_copy(char *to, size_t size, const char *from)
{
	size_t length = strlen(from);

	if (length >= size)
		return -E2BIG;
	memcpy(to, from, length + 1);
	return 0;
}

void text_format(char *to, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(to, size, format, args);
	va_end(args);
}

bool text_is_clean(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

bool text_is_secret(const char *given, const char *secret)
{
	size_t length = strlen(secret), i;
	unsigned int differ = strlen(given) != length;

	for (i = 0; given[i]; i++)
		differ |= (unsigned int)(given[i] ^ secret[i % (length + 1)]);
	return !differ;
}

bool text_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* What UTF-8 may look like, by its first byte (Unicode, table 3-7). */
static const struct form {
	unsigned char first, last;
	unsigned char length;
	unsigned char second_min, second_max;
} forms[] = {
	{ 0x00, 0x7f, 1, 0x00, 0xff },
	{ 0xc2, 0xdf, 2, 0x80, 0xbf },
	{ 0xe0, 0xe0, 3, 0xa0, 0xbf },
	{ 0xe1, 0xec, 3, 0x80, 0xbf },
	{ 0xed, 0xed, 3, 0x80, 0x9f },
	{ 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf },
	{ 0xf1, 0xf3, 4, 0x80, 0xbf },
	{ 0xf4, 0xf4, 4, 0x80, 0x8f },
};

static const struct form *find_form(unsigned char first)
{
	const struct form *form;

	for (form = forms; form < forms + ARRAY_SIZE(forms); form++)
		if (first >= form->first && first <= form->last)
			return form;
	return NULL;
}

size_t text_character(const char *text, size_t size)
{
	const unsigned char *bytes = (const unsigned char *)text;
	const struct form *form = find_form(*bytes);
	size_t i;

	if (!form || form->length > size)
		return 0;
	if (form->length > 1 && (bytes[1] < form->second_min ||
				 bytes[1] > form->second_max))
		return 0;
	for (i = 2; i < form->length; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	return form->length;
}

int text_number(const char *text, uint64_t max, uint64_t *number)
{
	uint64_t value = 0;

	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -EINVAL;
		if (value > (UINT64_MAX - 9) / 10)
			return -ERANGE;
		value = value * 10 + (uint64_t)(*text - '0');
	}
	if (value > max)
		return -ERANGE;
	*number = value;
	return 0;
}

const char *text_or_dash(const char *text)
{
	return *text ? text : "-";
}
