// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "loop.h"

uint64_t loop_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

int loop_add(struct loop *loop, struct loop_watch *watch, int fd,
	     uint32_t events, void (*ready)(void *context, uint32_t events),
	     void *context)
{
	struct epoll_event event = { .events = events, .data.ptr = watch };

	*watch = (struct loop_watch){ fd, ready, context };
	if (!epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event))
		return 0;
	watch->fd = -1;
	return -errno;
}

void loop_change(struct loop *loop, struct loop_watch *watch, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = watch };

	epoll_ctl(loop->epoll, EPOLL_CTL_MOD, watch->fd, &event);
}

void loop_del(struct loop *loop, struct loop_watch *watch)
{
	int i;

	if (watch->fd < 0)
		return;
	epoll_ctl(loop->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
	watch->fd = -1;
	/* It may have been waiting to be called back. */
	for (i = loop->taken; i < loop->count; i++)
		if (loop->batch[i].data.ptr == watch)
			loop->batch[i].data.ptr = NULL;
}

void loop_cancel(struct loop *loop, struct loop_timer *timer)
{
	struct loop_timer **place = &loop->timers;

	if (!timer->running)
		return;
	while (*place != timer)
		place = &(*place)->next;
	*place = timer->next;
	timer->running = false;
}

/* The list is in the order in which they are due, and were started. */
static void insert(struct loop *loop, struct loop_timer *timer)
{
	struct loop_timer **place = &loop->timers;

	while (*place && (*place)->due <= timer->due)
		place = &(*place)->next;
	timer->next = *place;
	*place = timer;
	timer->running = true;
}

void loop_start(struct loop *loop, struct loop_timer *timer,
		uint64_t milliseconds)
{
	loop_cancel(loop, timer);
	timer->due = loop_now() + milliseconds;
	insert(loop, timer);
}

static void set_alarm(struct loop *loop, uint64_t due)
{
	struct itimerspec when = {
		.it_value.tv_sec = (time_t)(due / 1000),
		.it_value.tv_nsec = (long)(due % 1000) * 1000000,
	};

	if (due == loop->alarm_due)
		return;
	loop->alarm_due = due;
	timerfd_settime(loop->alarm.fd, TFD_TIMER_ABSTIME, &when, NULL);
}

/* That it woke the loop is all that it is for. */
static void take_alarm(void *context, uint32_t events)
{
	struct loop *loop = context;
	uint64_t count;

	(void)events;
	if (read(loop->alarm.fd, &count, sizeof(count)) == sizeof(count))
		loop->alarm_due = 0;
}

/* How long to wait, for epoll_wait(): not at all, or for what comes. */
static int prepare_to_wait(struct loop *loop)
{
	const struct loop_timer *first = loop->timers;

	if (first && first->due <= loop_now())
		return 0;
	set_alarm(loop, first ? first->due : 0);
	return -1;
}

static void take_batch(struct loop *loop)
{
	struct loop_watch *watch;
	uint32_t events;

	while (loop->taken < loop->count) {
		watch = loop->batch[loop->taken].data.ptr;
		events = loop->batch[loop->taken].events;
		loop->taken++;
		if (watch)
			watch->ready(watch->context, events);
	}
}

/* Those that are started by one of them come after the mark, with the next turn. */
static void call_timers(struct loop *loop)
{
	struct loop_timer mark = { .due = loop_now() };
	struct loop_timer *timer;

	insert(loop, &mark);
	while ((timer = loop->timers) != &mark) {
		loop_cancel(loop, timer);
		timer->call(timer->context);
	}
	loop_cancel(loop, &mark);
}

void loop_turn(struct loop *loop)
{
	int count = epoll_wait(loop->epoll, loop->batch, LOOP_BATCH,
			       prepare_to_wait(loop));

	loop->taken = 0;
	loop->count = count > 0 ? count : 0;
	take_batch(loop);
	call_timers(loop);
}

int loop_open(struct loop *loop)
{
	int fd, ret;

	memset(loop, 0, sizeof(*loop));
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll < 0)
		return -errno;
	fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	ret = fd < 0 ? -errno : loop_add(loop, &loop->alarm, fd, EPOLLIN,
					 take_alarm, loop);
	if (ret)
		close(loop->epoll);
	return ret;
}

void loop_close(struct loop *loop)
{
	close(loop->alarm.fd);
	close(loop->epoll);
}
