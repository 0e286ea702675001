/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One of the last updates, as uxmcd tells it and as people read it. Pure.
 */
#ifndef UXMC_LOGLINE_H
#define UXMC_LOGLINE_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct logline - an update that has ended
 * @when: seconds since 1970; 0 if the clock had not been set
 * @seconds: how long it took
 * @result: "done", "failed", "cancelled"
 * @origin: who asked for it
 * @from: version before
 * @to: version that was to be
 * @message: why it failed
 * @trust: what vouches for the image; empty: it was not looked at
 */
struct logline {
	uint64_t when;
	uint64_t seconds;
	const char *result;
	const char *origin;
	const char *port;
	const char *serial;
	const char *model;
	const char *from;
	const char *to;
	const char *url;
	const char *message;
	const char *trust;
};

#define LOGLINE_MAX	4608

/* Takes @text apart and points into it; -EBADMSG: it is something else. */
int logline_parse(char *text, struct logline *line);

/* The line of a table, without @message; its time is the local one. */
void logline_format(const struct logline *line, char *to, size_t size);

/* The line above all of them. */
void logline_head(char *to, size_t size);

#endif
