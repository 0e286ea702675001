/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tags that files for phones are made of. Pure.
 */
#ifndef UXMC_TAG_H
#define UXMC_TAG_H

#include <stdbool.h>

enum tag {
	TAG_UNKNOWN,
	TAG_SETTINGS,	/* there may be settings in it, and more of these tags */
	TAG_FILES,	/* it names files */
	TAG_OTHER,	/* for phones, but nothing in it is of interest */
};

enum tag tag_find(const char *name);

/*
 * Is a file with a root of that name of no interest, rather than something that nobody
 * meant: a page for people, or what servers say when they fail? Of a file that another
 * one has listed, more can be believed.
 */
bool tag_is_idle_root(enum tag tag, const char *name, bool listed);

#endif
