/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes settings, as a form or a URL says.
 */
#ifndef UXMC_SETTINGS_CHANGE_H
#define UXMC_SETTINGS_CHANGE_H

#include "request.h"
#include "setting.h"

#define CHANGE_SENTENCE_SIZE	512

/**
 * struct settings_change - what came of it
 * @status: of HTTP; 200: all that was asked for
 * @refusals: what was not
 */
struct settings_change {
	unsigned int status;
	size_t count;
	struct settings_refusal {
		char name[32];
		char sentence[CHANGE_SENTENCE_SIZE];
	} refusals[SETTINGS_COUNT];
};

/*
 * Each NAME=VALUE is set, and cleared if VALUE is empty. In the form of the page, which
 * has "form" in it, only those that differ from what was on it, old.NAME=VALUE; or, by
 * clear=NAME, that one is cleared alone.
 */
void settings_change(struct request *request, const struct form *form,
		     struct settings_change *change);

#endif
