// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/param.h>

#include "pace.h"

void pace_begin(struct pace *pace, const struct fetchwire_request *request,
		uint64_t now)
{
	*pace = (struct pace) {
		.connect_timeout = request->connect_timeout,
		.stall_timeout = request->stall_timeout,
		.rate_min = request->rate_min,
		.begun = now,
		.heard = now,
	};
}

void pace_connect(struct pace *pace)
{
	pace->asked = false;
	pace->answered = false;
	pace->counts = false;
	pace->listened = 0;
	pace->bytes = 0;
}

void pace_listen(struct pace *pace, uint64_t now)
{
	pace->heard = now;
}

/* The first stretch begins with the first byte: what a server computes takes time. */
void pace_hear(struct pace *pace, size_t count, uint64_t now)
{
	pace->heard = now;
	pace->counts = true;
	pace->bytes += count;
}

void pace_wait(struct pace *pace, uint64_t time)
{
	if (pace->counts)
		pace->listened += time;
}

static uint64_t left_of_job(const struct pace *pace, uint64_t now)
{
	uint64_t taken = now - pace->begun;

	if (!pace->time_max)
		return UINT64_MAX;
	return taken < pace->time_max ? pace->time_max - taken : 0;
}

static uint64_t left_of_silence(const struct pace *pace, uint64_t now)
{
	uint64_t limit = pace->stall_timeout, silent = now - pace->heard;

	if (!pace->asked)
		return limit;
	/* After a 401 there may be another connecting to wait for. */
	if (!pace->answered)
		limit += pace->connect_timeout;
	return silent < limit ? limit - silent : 0;
}

uint64_t pace_left(const struct pace *pace, uint64_t now)
{
	return MIN(left_of_job(pace, now), left_of_silence(pace, now));
}

bool pace_is_slow(struct pace *pace)
{
	uint64_t stretch = FETCHWIRE_STALLS_MAX * pace->stall_timeout;
	bool slow;

	if (pace->listened < stretch)
		return false;
	slow = pace->bytes * 1000 < pace->rate_min * pace->listened;
	pace->listened = 0;
	pace->bytes = 0;
	return slow;
}

bool pace_is_over(const struct pace *pace, uint64_t now)
{
	return !left_of_job(pace, now);
}
