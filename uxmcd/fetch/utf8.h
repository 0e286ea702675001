/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any text as UTF-8. What a file declares is often wrong; its bytes are not:
 * with the byte-order mark of UTF-16 it is that, else it is UTF-8 if it can be,
 * else every byte is a character, as in ISO-8859-1.
 */
#ifndef UXMC_UTF8_H
#define UXMC_UTF8_H

#include <stddef.h>

struct utf8 {
	const char *text;	/* without byte-order mark, not terminated */
	size_t length;
	char *own;		/* the text, if it had to be converted */
};

/* -ENOMEM. The text is @data itself, if that is UTF-8: keep it. */
int utf8_from(struct utf8 *utf8, const char *data, size_t size);

void utf8_free(struct utf8 *utf8);

#endif
