/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon/fetchproc.h: each uxmc-fetch is the other end of a socket here, and what it
 * says is said for it.
 */
#ifndef UXMC_FETCHES_H
#define UXMC_FETCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fetchwire.h"

#define FETCHES	4

/**
 * struct fetch - one that runs
 * @peer: uxmcd's other end; 0 if there is none, as no descriptor is 0 here
 * @asked: @request has come
 * @said: how far it is: nothing, asked, headers, data; for who drives it
 * @due: when it says the next thing; likewise
 */
struct fetch {
	int peer;
	bool asked;
	struct fetchwire_request request;
	unsigned int said;
	uint64_t due;
};

extern struct fetch fetches[FETCHES];

bool fetch_runs(const struct fetch *fetch);

/* Until there is a request; false too if its uxmcd has gone, with which it ends. */
bool fetch_hear(struct fetch *fetch);
bool fetch_is_image(const struct fetch *fetch);
bool fetch_is_signature(const struct fetch *fetch);

/* What it says; nothing if it has ended. */
void fetch_say(struct fetch *fetch, const void *packet, size_t size);
void fetch_say_asked(struct fetch *fetch);
void fetch_say_entry(struct fetch *fetch, const char *name, const char *permission,
		     const char *value, const char *sha256);

/* The last thing; and nothing at all, as if it had died. */
void fetch_say_last(struct fetch *fetch, const struct fetchwire_end *last);
void fetch_end(struct fetch *fetch);
void fetch_close_all(void);

#endif
