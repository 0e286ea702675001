/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The outcome of an update: what is remembered of it, and what follows from it.
 */
#ifndef UXMC_OUTCOME_H
#define UXMC_OUTCOME_H

#include <stdbool.h>

struct uxmcd;

/* The job in hand has ended well. */
void outcome_done(struct uxmcd *daemon);

/* It has ended badly; @fetched: not for want of the image. */
void outcome_failed(struct uxmcd *daemon, bool fetched);

#endif
