/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The history: the last updates, kept over reboots.
 */
#ifndef UXMC_HISTORY_H
#define UXMC_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "url.h"

#define HISTORY_MAX	32

enum history_result {
	HISTORY_DONE,
	HISTORY_FAILED,
	HISTORY_CANCELLED,
};

/**
 * struct history_entry - one update; of its texts only printable ASCII is kept, and
 *	each other byte becomes a question mark
 * @when: it ended; seconds since 1970, 0 if the clock was never set
 * @seconds: it took
 * @provisioned: it was; else a person asked for it
 * @result: how it ended
 * @port: of the module
 * @serial: of the module; empty if it has none
 * @model: of the module
 * @from: version before
 * @to: version that was to be
 * @url: as asked for, {mac} not expanded; or the path of a file
 * @message: what went wrong; empty if nothing did
 * @trust: what vouches for the image, words with commas between them; empty: it was not
 *	looked at
 */
struct history_entry {
	uint64_t when;
	uint64_t seconds;
	bool provisioned;
	enum history_result result;
	char port[32];
	char serial[128];
	char model[8];
	char from[32];
	char to[32];
	char url[URL_MAX + 1];
	char message[256];
	char trust[32];
};

/* "done", "failed", "cancelled" */
const char *history_result_name(enum history_result result);

/*
 * Adds one, and drops the oldest if there are too many. 1: added, but the history
 * was damaged, and has been set aside as history.damaged. -errno: not added.
 */
int history_add(int dir, const struct history_entry *entry);

typedef void (*history_take)(void *context, const struct history_entry *entry);

/* Gives each of them, the oldest first. -EINVAL: damaged, and set aside. */
int history_read(int dir, history_take take, void *context);

#endif
