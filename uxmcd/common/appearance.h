/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a file looks like, by its first bytes. Real images are opaque: what begins
 * like a web page, XML, text or an archive is something else, whatever its name and
 * its Content-Type are. Pure.
 */
#ifndef UXMC_APPEARANCE_H
#define UXMC_APPEARANCE_H

#include <stddef.h>

/* So many are looked at, if there are as many. */
#define APPEARANCE_BYTES	1024

enum appearance_kind {
	APPEARANCE_OPAQUE,	/* it may be an image */
	APPEARANCE_PAGE,
	APPEARANCE_XML,
	APPEARANCE_TEXT,
	APPEARANCE_PACKED,
};

/**
 * struct appearance - what it is
 * @name: "a web page", "a gzip file"; empty for an opaque one
 * @excerpt: a page's title, or how its text begins, in quotes with a colon and a
 *	blank before it; empty where there is nothing to show
 */
struct appearance {
	enum appearance_kind kind;
	const char *name;
	char excerpt[48];
};

void appearance_look(struct appearance *appearance, const void *bytes,
		     size_t count);

#endif
