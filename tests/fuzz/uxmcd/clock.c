// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The loop is the real one: what it asks the kernel for is wrapped by the linker. It
 * never waits; when nothing has come in, something else happens.
 */
#include <stdio.h>

#include "boot.h"
#include "world.h"
#include "wraps.h"

#define STARTED	20000	/* from a boot to uxmcd */

static uint64_t now = STARTED;
static uint64_t alarm_at;
static uint64_t earlier;	/* what earlier boots have lasted */
static unsigned int boots;

uint64_t clock_now(void)
{
	return now;
}

uint64_t clock_alarm(void)
{
	return alarm_at;
}

uint64_t clock_wall(void)
{
	return earlier + now;
}

void clock_advance(uint64_t milliseconds)
{
	now += milliseconds;
}

void clock_boot(void)
{
	earlier += now;
	now = STARTED;
	boots++;
}

void clock_reset(void)
{
	earlier = 0;
	now = STARTED;
	boots = 0;
}

/* daemon/store/boot.h */
const char *boot_id(void)
{
	static char id[BOOT_SIZE];

	snprintf(id, sizeof(id), "boot-%u", boots);
	return id;
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
