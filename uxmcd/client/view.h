/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that there is to show: the driver, its modules, what else is on the bus, uxmcd.
 */
#ifndef UXMC_VIEW_H
#define UXMC_VIEW_H

#include <stdbool.h>

#include "bus.h"
#include "netlink.h"
#include "nodriver.h"
#include "reply_parse.h"

/* "uxmc" and a number of 32 bits */
#define VIEW_NAME_SIZE	16

/**
 * struct view - see above
 * @loaded: the driver is
 * @driver: what is to be seen of it, if it is not loaded
 * @bus: modules that the driver is not bound to
 * @daemon: uxmcd is running, as far as may be known
 * @silent: but it does not answer
 * @answer: what it said, and what the next two point into
 * @waiting: the module whose update waits to be confirmed; NULL: none does
 * @url: of that update
 */
struct view {
	bool loaded;
	struct ctl_driver driver;
	struct bus bus;
	bool daemon;
	bool silent;
	struct modules modules;
	struct ctl_answer answer;
	const char *waiting;
	const char *url;
};

/*
 * Looks at all of it; @control is uxmcd's socket. -errno: the driver cannot be
 * talked to. What is in @view is to be freed in either case.
 */
int view_look(struct view *view, const char *control);
void view_clear(struct view *view);

/* A module as the driver calls it: "uxmc0". */
void view_name(const struct module *module, char *name);

#endif
