// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "attribute.h"

/* What the parser makes of each & in an attribute, if it replaces no entities. */
static void replace_ampersands(char *text)
{
	static const char ampersand[] = "&#38;";

	while ((text = strstr(text, ampersand))) {
		text++;
		memmove(text, text + strlen(ampersand) - 1,
			strlen(text + strlen(ampersand) - 1) + 1);
	}
}

/* Five pointers each: name, prefix, namespace, start and end of the value. */
bool attribute_take(int count, const unsigned char **attributes,
		    const char *name, char *to, size_t size)
{
	for (; count; count--, attributes += 5) {
		const char *start = (const char *)attributes[3];
		size_t length = (size_t)(attributes[4] - attributes[3]);

		if (strcmp((const char *)attributes[0], name))
			continue;
		if (length >= size)
			length = size - 1;
		memcpy(to, start, length);
		to[length] = '\0';
		replace_ampersands(to);
		return true;
	}
	return false;
}
