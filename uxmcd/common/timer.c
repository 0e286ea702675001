// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "timer.h"

int timer_open(void)
{
	int fd;

	fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

void timer_start(int fd, uint64_t milliseconds)
{
	struct itimerspec when = {
		.it_value.tv_sec = (time_t)(milliseconds / 1000),
		.it_value.tv_nsec = (long)(milliseconds % 1000) * 1000000,
	};

	/* Zero would stop it. */
	if (!milliseconds)
		when.it_value.tv_nsec = 1;
	timerfd_settime(fd, 0, &when, NULL);
}

void timer_stop(int fd)
{
	struct itimerspec never = { 0 };

	timerfd_settime(fd, 0, &never, NULL);
}

bool timer_expired(int fd)
{
	uint64_t count;

	return read(fd, &count, sizeof(count)) == sizeof(count);
}

uint64_t timer_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
