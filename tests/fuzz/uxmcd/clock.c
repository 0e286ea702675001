// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The loop is the real one: what it asks the kernel for is wrapped by the linker. It
 * never waits; when nothing has come in, something else happens.
 */
#include "world.h"
#include "wraps.h"

static uint64_t now = 1000000;
static uint64_t alarm_at;

uint64_t clock_now(void)
{
	return now;
}

uint64_t clock_alarm(void)
{
	return alarm_at;
}

void clock_advance(uint64_t milliseconds)
{
	now += milliseconds;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
	if (clock != CLOCK_BOOTTIME)
		return __real_clock_gettime(clock, time);
	time->tv_sec = (time_t)(now / 1000);
	time->tv_nsec = (long)(now % 1000) * 1000000;
	return 0;
}

int __wrap_timerfd_settime(int fd, int flags, const struct itimerspec *when,
			   struct itimerspec *before)
{
	(void)fd;
	(void)before;
	/* Nobody sets the clock here (clockwatch.c). */
	if (flags & TFD_TIMER_CANCEL_ON_SET)
		return 0;
	alarm_at = (uint64_t)when->it_value.tv_sec * 1000 +
		   (uint64_t)when->it_value.tv_nsec / 1000000;
	return 0;
}

int __wrap_epoll_wait(int epoll, struct epoll_event *events, int count, int timeout)
{
	int ready = __real_epoll_wait(epoll, events, count, 0);

	if (!ready && timeout)
		world_act();
	return ready;
}
