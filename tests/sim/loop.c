// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "loop.h"

#define NSEC_PER_SEC	1000000000ull
#define NSEC_PER_MSEC	1000000ull

static struct timer *timers;
static uint64_t programmed;
static bool stopped;
static int stop_status;

uint64_t loop_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

static bool known(const struct timer *timer)
{
	const struct timer *t;

	for (t = timers; t; t = t->next)
		if (t == timer)
			return true;
	return false;
}

void timer_arm(struct timer *timer, unsigned int ms)
{
	if (!known(timer)) {
		timer->next = timers;
		timers = timer;
	}
	timer->due = loop_now() + ms * NSEC_PER_MSEC;
}

void timer_disarm(struct timer *timer)
{
	timer->due = 0;
}

/* Set the timer descriptor to the timer that is due first, if that changed. */
static void program(int fd)
{
	struct itimerspec when = { 0 };
	const struct timer *t;
	uint64_t first = 0;

	for (t = timers; t; t = t->next)
		if (t->due && (!first || t->due < first))
			first = t->due;

	if (first == programmed)
		return;

	when.it_value.tv_sec = (time_t)(first / NSEC_PER_SEC);
	when.it_value.tv_nsec = (long)(first % NSEC_PER_SEC);
	(void)timerfd_settime(fd, TFD_TIMER_ABSTIME, &when, NULL);
	programmed = first;
}

static void fire_due(int fd)
{
	uint64_t count, now = loop_now();
	struct timer *t;

	(void)!read(fd, &count, sizeof(count));
	programmed = 0;

	for (t = timers; t; t = t->next) {
		if (!t->due || t->due > now)
			continue;
		t->due = 0;
		t->fire();
	}
}

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -1;

	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int read_signal(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return 0;
	return (int)info.ssi_signo;
}

static int run(struct pollfd *fds, int (*socket_fd)(void),
	       void (*readable)(void), void (*signalled)(int number))
{
	int number;

	while (!stopped) {
		program(fds[1].fd);
		fds[0].fd = socket_fd();

		if (poll(fds, 3, -1) < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}

		if (fds[0].revents)
			readable();
		if (fds[1].revents)
			fire_due(fds[1].fd);
		if (fds[2].revents) {
			number = read_signal(fds[2].fd);
			if (number)
				signalled(number);
		}
	}

	return stop_status;
}

int loop_run(int (*socket_fd)(void), void (*readable)(void),
	     void (*signalled)(int number))
{
	struct pollfd fds[3] = {
		{ .fd = -1, .events = POLLIN },
		{ .events = POLLIN },
		{ .events = POLLIN },
	};
	int ret;

	fds[1].fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (fds[1].fd < 0)
		return -errno;

	fds[2].fd = open_signals();
	if (fds[2].fd < 0) {
		ret = -errno;
		goto close_timer;
	}

	ret = run(fds, socket_fd, readable, signalled);

	(void)close(fds[2].fd);
close_timer:
	(void)close(fds[1].fd);
	return ret;
}

void loop_stop(int status)
{
	stopped = true;
	stop_status = status;
}
