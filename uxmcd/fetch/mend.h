/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes well-formed what phones accept as settings files, before an XML parser
 * sees it: a bare & in text and in values of attributes, a < that begins no tag,
 * attributes without quotes, without a value, without a blank between them.
 *
 * What comes out are tags and text alone: CDATA becomes text; comments,
 * instructions and a DOCTYPE without declarations are left out. So no entity
 * can be declared, and the parser holds no more at a time than one tag, whose
 * size is bounded here. Lines stay lines.
 */
#ifndef UXMC_MEND_H
#define UXMC_MEND_H

#include <stddef.h>

#define MEND_TAG_MAX		16384	/* bytes */
#define MEND_ATTRIBUTES_MAX	256	/* of a tag */

/* Private but for @error and @error_line, which hold once mend_read() gave 0. */
struct mend {
	const char *at;
	const char *end;
	int line;
	int state;
	char quote;
	int opened;		/* the line that what it is in began at */
	const char *tag;
	unsigned int attributes;
	char held[8];		/* on its way out */
	size_t first;
	size_t count;
	const char *error;	/* NULL: none */
	int error_line;
};

/* @text is UTF-8, and stays where it is as long as it is read from. */
void mend_begin(struct mend *mend, const char *text, size_t length);

/* The next bytes; 0 at the end, or at what cannot be mended. */
size_t mend_read(struct mend *mend, char *to, size_t size);

#endif
