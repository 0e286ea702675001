/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An update as the driver knows it: its request, how far it is, its flashing. Where
 * something can fail it gives -errno, and has noted the failure.
 */
#ifndef UXMC_CLAIM_H
#define UXMC_CLAIM_H

#include "config.h"
#include "driver.h"
#include "failure.h"
#include "journal.h"
#include "store.h"

/**
 * struct claim - see above
 * @record: what the journal keeps of the update
 * @failure: of the update
 * @reported: when the driver was last told how far it is (loop_now())
 */
struct claim {
	const struct config *config;
	struct store *store;
	struct driver *driver;
	struct journal *record;
	struct failure *failure;
	uint64_t reported;
};

/*
 * Makes the driver know of the update, if it was not asked for by the driver;
 * but once only, so that one that is cancelled remains so.
 */
int claim_announce(struct claim *claim);

/* How long until the driver is to be told how far it is; 0: now. */
uint64_t claim_report_in(const struct claim *claim);

/*
 * Tells it, @done bytes, and that it will hear again @delay milliseconds later than
 * usual.
 */
int claim_report(struct claim *claim, uint64_t done, uint64_t delay);

/* Hands the image over, unless the driver is at work on it already. */
int claim_flash(struct claim *claim);

/* Tells the driver of the failure, if the request is still there. */
void claim_withdraw(struct claim *claim);

#endif
