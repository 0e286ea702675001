// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "clock.h"
#include "clockwatch.h"
#include "log.h"

/* Of the clock, in seconds: later than any that it is set to */
#define NEVER	(INT64_MAX / 1000000000)

static int arm(int fd)
{
	const struct itimerspec when = { .it_value.tv_sec = NEVER };

	return timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET,
			       &when, NULL) ? -errno : 0;
}

static void note_time(struct clockwatch *clockwatch)
{
	char date[CLOCK_DATE_SIZE];

	clockwatch->unset = !clock_is_set();
	if (clockwatch->unset)
		log_warning("the clock says %s, so certificates of servers cannot be checked: set it",
			    clock_date(date));
}

/* It may have been set to another time that it is not. */
static void on_set(void *context, uint32_t events)
{
	struct clockwatch *clockwatch = context;
	bool was_unset = clockwatch->unset;
	uint64_t count;

	(void)events;
	if (read(clockwatch->watch.fd, &count, sizeof(count)) > 0 ||
	    errno != ECANCELED)
		return;
	arm(clockwatch->watch.fd);
	if (!clock_is_set())
		return;
	clockwatch->unset = false;
	clockwatch->set(clockwatch->context, was_unset);
}

int clockwatch_open(struct clockwatch *clockwatch, struct loop *loop,
		    void (*set)(void *context, bool was_unset), void *context)
{
	int fd, ret;

	*clockwatch = (struct clockwatch){ loop, { .fd = -1 }, false, set, context };
	note_time(clockwatch);
	fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	if (fd < 0)
		return -errno;
	ret = arm(fd);
	if (!ret)
		ret = loop_add(loop, &clockwatch->watch, fd, EPOLLIN, on_set,
			       clockwatch);
	if (ret)
		close(fd);
	return ret;
}

void clockwatch_close(struct clockwatch *clockwatch)
{
	int fd = clockwatch->watch.fd;

	if (fd < 0)
		return;
	loop_del(clockwatch->loop, &clockwatch->watch);
	close(fd);
}
