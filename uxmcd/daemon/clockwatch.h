/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hears of it when somebody sets the clock.
 */
#ifndef UXMC_CLOCKWATCH_H
#define UXMC_CLOCKWATCH_H

#include <stdbool.h>

#include "loop.h"

/**
 * struct clockwatch - see above
 * @watch: of a timer that never runs out, but ends when somebody sets the clock
 * @unset: it says what it cannot be
 */
struct clockwatch {
	struct loop *loop;
	struct loop_watch watch;
	bool unset;
	void (*set)(void *context, bool was_unset);
	void *context;
};

/*
 * @set is called when the clock has been set to a time that can be; @was_unset: the one
 * before could not. -errno
 */
int clockwatch_open(struct clockwatch *clockwatch, struct loop *loop,
		    void (*set)(void *context, bool was_unset), void *context);
void clockwatch_close(struct clockwatch *clockwatch);

#endif
