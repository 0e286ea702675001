/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long a server may take. Pure: all times are given, in milliseconds.
 *
 * It may be silent for stall_timeout, and what it sends has to come at rate_min or
 * faster on average, over each stretch of FETCHWIRE_STALLS_MAX times that: so a link
 * may be slow, or fail for a while, but a transfer takes no longer than its size at
 * that rate, and one such stretch. A job may have a time that it must not take longer
 * than besides.
 */
#ifndef UXMC_PACE_H
#define UXMC_PACE_H

#include <stdbool.h>
#include <stddef.h>

#include "fetchwire.h"

/**
 * struct pace - see above; private but for:
 * @time_max: of the whole job, however many redirects it has; 0: it has none
 * @asked: the connection stands and the request is on its way
 * @answered: what comes is what was asked for
 */
struct pace {
	uint64_t connect_timeout;
	uint64_t stall_timeout;
	uint64_t rate_min;
	uint64_t time_max;
	uint64_t begun;
	bool asked;
	bool answered;
	uint64_t heard;
	bool counts;
	uint64_t listened;
	uint64_t bytes;
};

void pace_begin(struct pace *pace, const struct fetchwire_request *request,
		uint64_t now);

/* Another request is made: until it is on its way others watch over the time. */
void pace_connect(struct pace *pace);

/* The request is on its way; or who takes what comes was slow, not the server. */
void pace_listen(struct pace *pace, uint64_t now);

/* So much has come. */
void pace_hear(struct pace *pace, size_t count, uint64_t now);

/* So long has been waited for it. */
void pace_wait(struct pace *pace, uint64_t time);

/* How long until something must have come; 0: it is too late. */
uint64_t pace_left(const struct pace *pace, uint64_t now);

/* Too little has come in the stretch that has ended. */
bool pace_is_slow(struct pace *pace);

/* The job has taken too long as a whole. */
bool pace_is_over(const struct pace *pace, uint64_t now);

#endif
