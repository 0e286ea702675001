/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What changes on a page while an update goes on.
 */
#ifndef UXMC_LIVE_H
#define UXMC_LIVE_H

#include "view.h"
#include "words.h"

/**
 * struct live - see above
 * @module: that is being updated, else whose update was last; NULL: none
 * @state: what that is at, "idle" if there is none
 * @word: the same for people
 * @percent: of @module's bytes; -1: not known
 */
struct live {
	const struct module *module;
	const char *state;
	enum word word;
	int percent;
};

void live_look(struct live *live, const struct view *view);

/* "12.3 of 35.7 MB"; empty if nothing is known. */
#define LIVE_AMOUNT_SIZE	64
void live_amount(enum language language, const struct module *module, char *amount);

/*
 * A number for all that decides what a page looks like, but for bytes: when it differs
 * the page is to be made anew.
 */
uint64_t live_fingerprint(const struct view *view);

#endif
