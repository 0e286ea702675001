/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event loop: one socket, one timer descriptor, one signal descriptor. */
#ifndef SIM_LOOP_H
#define SIM_LOOP_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct timer - something that is due later
 * @fire: called once, when it is due
 * @due: loop_now() at which it is; 0 if it is not armed
 * @next: the next one that the loop knows
 */
struct timer {
	void (*fire)(void);
	uint64_t due;
	struct timer *next;
};

/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t loop_now(void);

void timer_arm(struct timer *timer, unsigned int ms);
void timer_disarm(struct timer *timer);

static inline bool timer_armed(const struct timer *timer)
{
	return timer->due != 0;
}

/**
 * loop_run - run until loop_stop()
 * @socket_fd: the descriptor to read from now, or -1
 * @readable: called when there is something to read
 * @signalled: called for SIGTERM, SIGINT and SIGUSR1
 *
 * Return: what loop_stop() was given, or a negative errno.
 */
int loop_run(int (*socket_fd)(void), void (*readable)(void),
	     void (*signalled)(int number));
void loop_stop(int status);

#endif
