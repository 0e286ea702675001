/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pauses that servers are owed, which have asked to be left alone (RFC 9110, section
 * 10.2.3): until they are over no request goes there, whatever it is for. Pure; times
 * are milliseconds.
 */
#ifndef UXMC_PAUSES_H
#define UXMC_PAUSES_H

#include <stdint.h>

#include "url.h"

#define PAUSES_MAX	8

/**
 * struct pause - one of them
 * @server: scheme, host and port; empty: there is none
 * @until: when it is over
 */
struct pause {
	char server[URL_SERVER_MAX + 1];
	uint64_t until;
};

/* Of more servers than that those that come first are forgotten first. */
struct pauses {
	struct pause list[PAUSES_MAX];
};

/* The server of that URL is owed so many seconds, but not more than a day. */
void pauses_owe(struct pauses *pauses, const char *url, uint64_t seconds,
		uint64_t now);

/* How long no request may go to that URL; 0: it may. */
uint64_t pauses_left(const struct pauses *pauses, const char *url, uint64_t now);

/* Until all are over. */
uint64_t pauses_longest(const struct pauses *pauses, uint64_t now);

#endif
