/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether all that an answer says of its body agrees: what does not is no answer to
 * believe anything of. Pure.
 */
#ifndef UXMC_ANSWERCHECK_H
#define UXMC_ANSWERCHECK_H

#include "answer.h"
#include "verdict.h"

/* Both give false if it does not, and have noted why. @what: "image" */
bool answercheck(const struct answer *answer, const char *what,
		 struct verdict *verdict);

/* The same of an image, of which no byte may be missing. */
bool answercheck_image(const struct answer *answer, struct verdict *verdict);

#endif
