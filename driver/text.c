// SPDX-License-Identifier: GPL-2.0-only
#include <linux/nls.h>
#include <linux/string.h>

#include "text.h"

/**
 * uxmc_text_is_clean - is it a line that can be shown as it is?
 * @text: what user space has said
 *
 * It is UTF-8, which is what readers take it for, and has no control characters:
 * neither those of ASCII nor U+0080 to U+009F, by which terminals can be told as
 * much (U+009B is ESC and "[").
 */
bool uxmc_text_is_clean(const char *text)
{
	size_t left = strlen(text);
	unicode_t character;
	int length;

	for (; left; text += length, left -= length) {
		length = utf8_to_utf32((const u8 *)text, left, &character);
		if (length < 0 || character < ' ' ||
		    (character >= 0x7f && character <= 0x9f))
			return false;
	}
	return true;
}

/**
 * uxmc_text_trim - remove the half of a character that a cut has left
 * @text: what else is clean
 */
void uxmc_text_trim(char *text)
{
	size_t left = strlen(text);
	unicode_t character;
	int length;

	for (; left; text += length, left -= length) {
		length = utf8_to_utf32((const u8 *)text, left, &character);
		if (length < 0)
			break;
	}
	*text = '\0';
}
