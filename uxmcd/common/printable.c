// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "printable.h"
#include "text.h"

/* U+0080 to U+009F too: terminals take them for control characters. */
static bool is_control(const char *text)
{
	unsigned char first = (unsigned char)text[0];

	return (first < ' ' && first != '\t') || first == 0x7f ||
	       (first == 0xc2 && (unsigned char)text[1] < 0xa0);
}

void printable(char *text)
{
	size_t length;

	while (*text) {
		length = text_character(text, strnlen(text, 4));
		if (!length || is_control(text)) {
			*text = '?';
			length = 1;
		}
		text += length;
	}
}
