/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Modules on the USB bus that the driver is not bound to, and what to do about each.
 */
#ifndef UXMC_BUS_H
#define UXMC_BUS_H

#include "module.h"

/**
 * struct bus_module - one of them
 * @interface: the one for firmware updates, such as "1-1:1.1"; empty: there is none
 * @driver: what is bound to that instead; empty: nothing is
 */
struct bus_module {
	char port[32];
	const char *model;
	enum uxmc_mode mode;
	char serial[UXMC_SERIAL_MAX + 1];
	char interface[40];
	char driver[32];
};

struct bus {
	struct bus_module *list;
	size_t count;
};

/* Needs sysfs alone, no udevd. A bus that cannot be looked at is empty. */
void bus_look(struct bus *bus);
void bus_clear(struct bus *bus);

/* The rest is pure. Forgets the module at a port, if there is one. */
void bus_forget(struct bus *bus, const char *port);

/* What is so and what to do, if the driver is loaded; for people. */
#define BUS_SENTENCE_MAX	256
void bus_sentence(const struct bus_module *module, char *to);

#endif
