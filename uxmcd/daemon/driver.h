/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The driver, as uxmcd knows it: the modules that it has, kept by what it tells, and
 * its own coming and going.
 */
#ifndef UXMC_DRIVER_H
#define UXMC_DRIVER_H

#include "loop.h"
#include "netlink.h"

/**
 * struct driver_ops - what is told of it
 * @plugged: a module has appeared that was not there; @changed follows
 * @changed: the module in the table is up to date
 * @removed: it is no longer in the table
 * @unloaded: there is no driver, and no module
 */
struct driver_ops {
	void (*plugged)(void *context);
	void (*changed)(void *context, const struct module *module);
	void (*removed)(void *context, const struct module *module);
	void (*unloaded)(void *context);
};

struct driver {
	struct netlink netlink;
	struct modules modules;
	struct loop *loop;
	struct loop_watch watch;
	const struct driver_ops *ops;
	void *context;
};

/* -errno */
int driver_open(struct driver *driver, struct loop *loop,
		const struct driver_ops *ops, void *context);
void driver_close(struct driver *driver);

/* Looks for it, and takes in all modules that it has. */
void driver_start(struct driver *driver);

bool driver_is_loaded(const struct driver *driver);

/* The module as it is at this moment: events of it may be on their way still. */
int driver_refresh(struct driver *driver, struct module *module);

#endif
