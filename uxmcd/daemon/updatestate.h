/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The states of an update. Pure.
 */
#ifndef UXMC_UPDATESTATE_H
#define UXMC_UPDATESTATE_H

#include "journal.h"

enum update_state {
	UPDATE_NONE,
	UPDATE_WAIT,	/* for the module to be there (again) */
	UPDATE_COPY,	/* a file, as it comes in */
	UPDATE_FETCH,
	UPDATE_PAUSE,	/* until the next try */
	UPDATE_CHECK,	/* all of it is there: is it what it has to be? */
	UPDATE_FLASH,	/* the driver is at work */
	UPDATE_DONE,
	UPDATE_FAILED,
};

const char *updatestate_name(enum update_state state);

/* Its step in the journal; false: the journal stays as it is. */
bool updatestate_step(enum update_state state, enum journal_step *step);

#endif
