// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <sys/param.h>

#include "schedule.h"

uint64_t schedule_first(uint64_t uptime, uint64_t spread, uint64_t random)
{
	return uptime < spread ? random % spread : 0;
}

static uint64_t doubled(unsigned int failures, uint64_t cap)
{
	uint64_t delay = SCHEDULE_RETRY_FIRST;

	for (; failures > 1 && delay < cap; failures--)
		delay *= 2;
	return MIN(delay, cap);
}

/*
 * What the server asks for may be a date, the same for all phones: it is the least
 * of what they draw from, lest they all come back at that very moment.
 */
uint64_t schedule_retry(unsigned int failures, uint64_t interval,
			uint64_t retry_after, uint64_t random)
{
	uint64_t delay = doubled(failures, interval ? interval : SCHEDULE_DAY);
	uint64_t least = MAX(delay / 2, MIN(retry_after, SCHEDULE_DAY));

	return least + random % (least + 1);
}

uint64_t schedule_longest(uint64_t interval, int error)
{
	if (error != ENETUNREACH && error != EHOSTUNREACH)
		return interval;
	return interval ? MIN(interval, SCHEDULE_OFFLINE_MAX) :
			  SCHEDULE_OFFLINE_MAX;
}

uint64_t schedule_wait(uint64_t wait, uint64_t random)
{
	return wait + random % (wait / 2 + 1);
}
