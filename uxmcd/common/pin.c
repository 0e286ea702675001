// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "pin.h"

#define DIGITS	(PIN_SIZE - 1)

static char digit(char c)
{
	if (c >= 'A' && c <= 'F')
		c = (char)(c - 'A' + 'a');
	return c;
}

int pin_parse(const char *text, char *pin)
{
	char parsed[PIN_SIZE] = "";
	size_t i;

	if (strspn(text, "0123456789abcdefABCDEF") != DIGITS || text[DIGITS])
		return -EINVAL;
	for (i = 0; i < DIGITS; i++)
		parsed[i] = digit(text[i]);
	memcpy(pin, parsed, sizeof(parsed));
	return 0;
}
