/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waits for a clock that is not set yet to be set, once. While it is set nothing is
 * waited for.
 */
#ifndef UXMC_CLOCKWATCH_H
#define UXMC_CLOCKWATCH_H

#include "loop.h"

/**
 * struct clockwatch - see above
 * @watch: of a timer that never runs out, but ends when somebody sets the clock
 */
struct clockwatch {
	struct loop *loop;
	struct loop_watch watch;
	void (*set)(void *context);
	void *context;
};

/* @set is called when the clock has been set. -errno */
int clockwatch_open(struct clockwatch *clockwatch, struct loop *loop,
		    void (*set)(void *context), void *context);
void clockwatch_close(struct clockwatch *clockwatch);

#endif
