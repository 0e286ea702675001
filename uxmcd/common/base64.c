// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdint.h>

#include "base64.h"

int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/* Four characters, the last of which stand for nothing if there are less than 3 bytes. */
static int decode_group(const char *text, unsigned char *to, size_t size)
{
	uint32_t bits = 0;
	size_t i;
	int value;

	for (i = 0; i < 4; i++) {
		value = i <= size ? base64_value(text[i]) : text[i] == '=' ? 0 : -1;
		if (value < 0)
			return -EINVAL;
		bits = bits << 6 | (uint32_t)value;
	}
	for (i = 0; i < size; i++)
		to[i] = (unsigned char)(bits >> (16 - 8 * i));
	/* Section 3.5: what is left over is zero. */
	return bits & (0xffffffU >> 8 * size) ? -EINVAL : 0;
}

int base64_decode(const char *text, size_t length, unsigned char *to,
		  size_t size)
{
	size_t part;

	if (length != (size + 2) / 3 * 4)
		return -EINVAL;
	while (size) {
		part = size < 3 ? size : 3;
		if (decode_group(text, to, part))
			return -EINVAL;
		text += 4;
		to += part;
		size -= part;
	}
	return 0;
}
