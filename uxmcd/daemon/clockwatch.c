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

void clockwatch_close(struct clockwatch *clockwatch)
{
	int fd = clockwatch->watch.fd;

	if (fd < 0)
		return;
	loop_del(clockwatch->loop, &clockwatch->watch);
	close(fd);
}

/* It may have been set to another time that it is not. */
static void on_set(void *context, uint32_t events)
{
	struct clockwatch *clockwatch = context;
	uint64_t count;

	(void)events;
	if (read(clockwatch->watch.fd, &count, sizeof(count)) > 0 ||
	    errno != ECANCELED)
		return;
	if (!clock_is_set() && !arm(clockwatch->watch.fd))
		return;
	clockwatch_close(clockwatch);
	clockwatch->set(clockwatch->context);
}

int clockwatch_open(struct clockwatch *clockwatch, struct loop *loop,
		    void (*set)(void *context), void *context)
{
	char date[CLOCK_DATE_SIZE];
	int fd, ret;

	*clockwatch = (struct clockwatch){ loop, { .fd = -1 }, set, context };
	if (clock_is_set())
		return 0;
	log_warning("the clock says %s, so certificates of servers cannot be checked: set it",
		    clock_date(date));
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
