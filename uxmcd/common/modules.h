/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The modules that are present: a table kept by what netlink says.
 */
#ifndef UXMC_MODULES_H
#define UXMC_MODULES_H

#include <stddef.h>

#include "module.h"

struct modules {
	struct module *list;
	size_t count;
};

/* Adds or replaces; gives the module in the table, NULL if memory is short. */
struct module *modules_put(struct modules *modules, const struct module *module);

void modules_remove(struct modules *modules, uint32_t id);
void modules_clear(struct modules *modules);

struct module *modules_find(const struct modules *modules, uint32_t id);
struct module *modules_find_at(const struct modules *modules, const char *port,
			       const char *serial);

/* One that is being updated, by whomever. */
struct module *modules_find_busy(const struct modules *modules);

#endif
