/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is wrong with a settings file, and where.
 */
#ifndef UXMC_COMPLAINT_H
#define UXMC_COMPLAINT_H

#include <stdbool.h>

#include "provision.h"

/**
 * struct complaint - see above; all zero: nothing is
 * @harmless: tags begin and end where they seem to in spite of it
 * @text: a sentence in ASCII
 */
struct complaint {
	bool there;
	bool harmless;
	int line;
	char text[PROVISION_SENTENCE_SIZE];
};

/* It is "WHAT: WHY" now, or WHY if @what is empty. */
void complain(struct complaint *complaint, int line, const char *what,
	      const char *why);

#endif
