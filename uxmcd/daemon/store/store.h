/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The store: the state directory, and what is kept in memory of it.
 */
#ifndef UXMC_STORE_H
#define UXMC_STORE_H

#include "attempts.h"
#include "config.h"
#include "perserial.h"
#include "settings.h"

/**
 * struct store - see above
 * @dir: settings, journal, history, attempts
 * @firmware: images; the kernel's firmware directory links here
 * @lock: held for as long as it is open
 */
struct store {
	int dir;
	int firmware;
	int lock;
	struct settings settings;
	struct perserial perserial;
	struct attempts attempts;
};

/* Makes what is missing, and reads what is there. -errno, which has been logged. */
int store_open(struct store *store, const struct config *config);
void store_close(struct store *store);

/* What has changed in memory alone is written to the disk: -errno, not all of it. */
int store_save(struct store *store);

#endif
