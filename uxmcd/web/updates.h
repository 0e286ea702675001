/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last updates, as uxmcd remembers them.
 */
#ifndef UXMC_UPDATES_H
#define UXMC_UPDATES_H

#include "consult.h"
#include "logline.h"

#define UPDATES_MAX	10

/**
 * struct updates - the newest ones, the oldest of them first
 * @count: how many
 * @first: the place of the first; the others follow it, round the end
 * @places: each with the text that its line points into
 */
struct updates {
	size_t count;
	size_t first;
	struct updates_place {
		char text[REPLY_PACKET_MAX];
		struct logline line;
	} places[UPDATES_MAX];
};

/* To be given back with free(); NULL: uxmcd cannot be asked, or memory is short. */
struct updates *updates_read(struct consult *consult);

/* @index: 0 is the newest */
const struct logline *updates_get(const struct updates *updates, size_t index);

/* The newest of the module there; NULL: none is known. @updates may be NULL. */
const struct logline *updates_find(const struct updates *updates, const char *port,
				   const char *serial);

#endif
