// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "utf8.h"

#define MARK_UTF8	"\xef\xbb\xbf"
#define MARK_UTF16_BE	"\xfe\xff"
#define MARK_UTF16_LE	"\xff\xfe"

#define REPLACEMENT	0xfffd	/* for half a surrogate pair */

static bool begins(const char *data, size_t size, const char *mark)
{
	return size >= strlen(mark) && !memcmp(data, mark, strlen(mark));
}

static bool is_utf8(const char *data, size_t size)
{
	size_t length;

	for (; size; data += length, size -= length) {
		length = text_character(data, size);
		if (!length)
			return false;
	}
	return true;
}

static void put(struct utf8 *utf8, uint32_t code)
{
	char *to = utf8->own + utf8->length;
	int shift, more = (code >= 0x80) + (code >= 0x800) + (code >= 0x10000);

	*to++ = (char)(more ? 0xff00 >> (more + 1) | code >> 6 * more : code);
	for (shift = 6 * (more - 1); shift >= 0; shift -= 6)
		*to++ = (char)(0x80 | (code >> shift & 0x3f));
	utf8->length += (size_t)more + 1;
}

static void from_latin1(struct utf8 *utf8, const char *data, size_t size)
{
	for (; size; data++, size--)
		put(utf8, (unsigned char)*data);
}

static uint32_t unit(const char *data, bool big_endian)
{
	unsigned char first = (unsigned char)data[!big_endian];
	unsigned char second = (unsigned char)data[big_endian];

	return (uint32_t)first << 8 | second;
}

static void from_utf16(struct utf8 *utf8, const char *data, size_t size,
		       bool big_endian)
{
	for (; size >= 2; data += 2, size -= 2) {
		uint32_t code = unit(data, big_endian), low = 0;

		if (code >= 0xd800 && code < 0xdc00 && size >= 4)
			low = unit(data + 2, big_endian);
		if (low >= 0xdc00 && low < 0xe000) {
			code = 0x10000 + ((code - 0xd800) << 10) + low - 0xdc00;
			data += 2;
			size -= 2;
		} else if (code >= 0xd800 && code < 0xe000) {
			code = REPLACEMENT;
		}
		put(utf8, code);
	}
	if (size)
		put(utf8, REPLACEMENT);
}

int utf8_from(struct utf8 *utf8, const char *data, size_t size)
{
	bool big_endian = begins(data, size, MARK_UTF16_BE);

	if (begins(data, size, MARK_UTF8)) {
		data += strlen(MARK_UTF8);
		size -= strlen(MARK_UTF8);
	}
	*utf8 = (struct utf8){ .text = data, .length = size };
	if (is_utf8(data, size))
		return 0;

	/* Two bytes of UTF-16 become three at most, one of ISO-8859-1 two. */
	*utf8 = (struct utf8){ .own = malloc(2 * size + 1) };
	if (!utf8->own)
		return -ENOMEM;
	utf8->text = utf8->own;
	if (big_endian || begins(data, size, MARK_UTF16_LE))
		from_utf16(utf8, data + 2, size - 2, big_endian);
	else
		from_latin1(utf8, data, size);
	return 0;
}

void utf8_free(struct utf8 *utf8)
{
	free(utf8->own);
}
