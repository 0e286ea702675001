/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verbs that show what uxmcd knows, and change nothing: see reply.h.
 */
#ifndef UXMC_VERBS_LOOK_H
#define UXMC_VERBS_LOOK_H

struct order;

void verbs_last(const struct order *order);
void verbs_may(const struct order *order);
void verbs_counts(const struct order *order);

#endif
