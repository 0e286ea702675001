/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon: all its parts, each with what it needs, and what follows from what
 * they tell.
 */
#ifndef UXMC_DAEMON_H
#define UXMC_DAEMON_H

#include "config.h"
#include "keys.h"

/*
 * Opens all, does its work until a signal or, with @exit_idle, the want of modules
 * ends it, and closes all. Images have to be signed with one of the @keys, if there are
 * any. -errno, which has been logged.
 */
int daemon_run(const struct config *config, const struct keys *keys,
	       bool exit_idle);

#endif
