/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Brings onto the disk what uxmcd has learnt, and tries again until it could: what
 * holds in memory is the truth meanwhile.
 */
#ifndef UXMC_SAVER_H
#define UXMC_SAVER_H

#include "loop.h"
#include "store.h"

/**
 * struct saver - see above
 * @pending: the last try failed
 */
struct saver {
	struct store *store;
	struct loop *loop;
	struct loop_timer timer;
	bool pending;
};

void saver_open(struct saver *saver, struct loop *loop, struct store *store);

/* One last try, if it is needed. */
void saver_close(struct saver *saver);

void saver_save(struct saver *saver);

#endif
