/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How updates ended, as an exit status. Pure.
 */
#ifndef UXMC_RESULT_H
#define UXMC_RESULT_H

#include "modules.h"
#include "reply.h"

enum reply result_of(const struct module *module);

/* Of all: one that failed is worse than one that was cancelled. */
enum reply result_worst(const struct modules *modules);

#endif
