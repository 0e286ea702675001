/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls that the linker leads here (--wrap), and what they are without that. */
#ifndef UXMC_WRAPS_H
#define UXMC_WRAPS_H

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>

int __real_epoll_wait(int epoll, struct epoll_event *events, int count, int timeout);
int __wrap_epoll_wait(int epoll, struct epoll_event *events, int count, int timeout);
int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_timerfd_settime(int fd, int flags, const struct itimerspec *when,
			   struct itimerspec *before);
int __wrap_fsync(int fd);
int __real_renameat(int from_dir, const char *from, int to_dir, const char *to);
int __wrap_renameat(int from_dir, const char *from, int to_dir, const char *to);

#endif
