/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the clock can be believed: a phone without a battery begins its time in 1970.
 */
#ifndef UXMC_CLOCK_H
#define UXMC_CLOCK_H

#include <stdbool.h>

#define CLOCK_DATE_SIZE	32

bool clock_is_set(void);

/* What it says, as "1970-01-01"; gives @text, of CLOCK_DATE_SIZE bytes. */
const char *clock_date(char *text);

#endif
