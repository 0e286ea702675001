/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The outcome of an update: what is remembered of it.
 */
#ifndef UXMC_OUTCOME_H
#define UXMC_OUTCOME_H

#include "publish.h"
#include "saver.h"
#include "update.h"

struct outcome {
	const struct config *config;
	struct store *store;
	const struct publish *publish;
	struct saver *saver;
};

/* It has ended well. */
void outcome_done(const struct outcome *outcome, const struct update *update);

/*
 * It has ended badly; @fetched: not for want of the image. True: what is provisioned
 * is worth another lookup.
 */
bool outcome_failed(const struct outcome *outcome, const struct update *update,
		    bool fetched);

#endif
