// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>

#include "printable.h"
#include "text.h"

/*
 * What UTF-8 may look like, by its first byte (Unicode, table 3-7). U+0080 to
 * U+009F are missing: terminals take them for control characters.
 */
static const struct form {
	unsigned char first, last;
	unsigned char length;
	unsigned char second_min, second_max;
} forms[] = {
	{ '\t', '\t', 1, 0x00, 0xff },
	{ ' ', '~', 1, 0x00, 0xff },
	{ 0xc2, 0xc2, 2, 0xa0, 0xbf },
	{ 0xc3, 0xdf, 2, 0x80, 0xbf },
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

/* Of the character that begins here; 0 if there is none. */
static size_t character_length(const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;
	const struct form *form = find_form(bytes[0]);
	size_t i;

	if (!form || bytes[1] < form->second_min || bytes[1] > form->second_max)
		return 0;
	/* The 0 at the end is none of these. */
	for (i = 2; i < form->length; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	return form->length;
}

void printable(char *text)
{
	size_t length;

	while (*text) {
		length = character_length(text);
		if (!length) {
			*text = '?';
			length = 1;
		}
		text += length;
	}
}
