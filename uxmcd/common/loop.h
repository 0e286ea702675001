/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one loop: waits for descriptors and for timers, and calls back. What has come
 * is taken first, and only then is looked at what time has run out: so nothing is
 * given up for being late that is there already.
 */
#ifndef UXMC_LOOP_H
#define UXMC_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

#define LOOP_BATCH	16

/**
 * struct loop_watch - a descriptor that is waited for; all its owner's
 * @fd: -1 if it is not
 * @ready: is called with what it is ready for (EPOLLIN ...)
 */
struct loop_watch {
	int fd;
	void (*ready)(void *context, uint32_t events);
	void *context;
};

/**
 * struct loop_timer - a timer, all its owner's
 * @next: in the list of those that run
 * @due: in milliseconds (loop_now())
 * @call: is called once when it is due
 */
struct loop_timer {
	struct loop_timer *next;
	bool running;
	uint64_t due;
	void (*call)(void *context);
	void *context;
};

/**
 * struct loop - see above
 * @epoll: its descriptor
 * @alarm: wakes it for the first timer, on the clock that runs on during suspend
 * @alarm_due: what that is set to; 0: nothing
 * @timers: those that run
 * @batch: what has come and is not taken yet, from @taken to @count
 */
struct loop {
	int epoll;
	struct loop_watch alarm;
	uint64_t alarm_due;
	struct loop_timer *timers;
	struct epoll_event batch[LOOP_BATCH];
	int taken;
	int count;
};

/* -errno */
int loop_open(struct loop *loop);
void loop_close(struct loop *loop);

/* Fills in @watch, and waits for @fd; -errno. */
int loop_add(struct loop *loop, struct loop_watch *watch, int fd,
	     uint32_t events, void (*ready)(void *context, uint32_t events),
	     void *context);

/* Waits for other events of it. */
void loop_change(struct loop *loop, struct loop_watch *watch, uint32_t events);

/* Waits no more for it, if it does; to be called before the descriptor is closed. */
void loop_del(struct loop *loop, struct loop_watch *watch);

/* Starts it anew. With no time at all it is called when what has come is taken. */
void loop_start(struct loop *loop, struct loop_timer *timer,
		uint64_t milliseconds);
void loop_cancel(struct loop *loop, struct loop_timer *timer);

/* Waits, and calls back what is to be called. */
void loop_turn(struct loop *loop);

/* Milliseconds on the clock that runs on during suspend. */
uint64_t loop_now(void);

#endif
