/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon: all its parts, each with what it needs, and what follows from what
 * they tell.
 */
#ifndef UXMC_DAEMON_H
#define UXMC_DAEMON_H

#include "config.h"

/*
 * Opens all, does its work until a signal or, with @exit_idle, the want of modules
 * ends it, and closes all. -errno, which has been logged.
 */
int daemon_run(const struct config *config, bool exit_idle);

#endif
