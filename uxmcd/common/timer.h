/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A timer as a descriptor, on the clock that runs on during suspend.
 */
#ifndef UXMC_TIMER_H
#define UXMC_TIMER_H

#include <stdbool.h>
#include <stdint.h>

/* The descriptor, or -errno. */
int timer_open(void);

void timer_start(int fd, uint64_t milliseconds);
void timer_stop(int fd);

/* Has it run out since it was started? */
bool timer_expired(int fd);

/* Milliseconds on that clock. */
uint64_t timer_now(void);

#endif
