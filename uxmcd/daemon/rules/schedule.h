/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When to look at a server: pure, without a clock and random numbers of its own.
 * All times are milliseconds; @random is any 64 random bits.
 */
#ifndef UXMC_SCHEDULE_H
#define UXMC_SCHEDULE_H

#include <stdint.h>

#define SCHEDULE_RETRY_FIRST	60000
#define SCHEDULE_DAY		86400000

#define SCHEDULE_OFFLINE_MAX	600000

/*
 * The delay of the first look. A phone that has just booted (uptime below @spread)
 * waits at random for less than @spread, since a whole fleet may have booted with
 * it; one that has run for longer does not wait.
 */
uint64_t schedule_first(uint64_t uptime, uint64_t spread, uint64_t random);

/*
 * The delay after @failures (1, 2, ...) failures in a row: SCHEDULE_RETRY_FIRST,
 * doubled each time, but no more than @interval (a day if that is 0), of which
 * between a half and the whole is taken at random. @retry_after is what the server
 * asked for (0: nothing; more than a day counts as one): the delay is then no
 * shorter, and up to twice as long.
 */
uint64_t schedule_retry(unsigned int failures, uint64_t interval,
			uint64_t retry_after, uint64_t random);

/*
 * The @interval that is meant there after a failure with that positive errno: a shorter
 * one if the phone had no network (ENETUNREACH), or nobody knew the server's name
 * (EHOSTUNREACH). Longer pauses would spare no server, and cost the phone time when
 * that is over.
 */
uint64_t schedule_longest(uint64_t interval, int error);

/*
 * The delay until something that has to wait so long: up to half of that more, since
 * many phones may have begun to wait at the same moment.
 */
uint64_t schedule_wait(uint64_t wait, uint64_t random);

#endif
