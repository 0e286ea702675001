/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The question whether a provisioned update is wanted, while it is open. What was
 * refused is in store/attempts.h. Pure.
 */
#ifndef UXMC_CONSENT_H
#define UXMC_CONSENT_H

#include "modules.h"
#include "url.h"

/**
 * struct consent - see above
 * @waits: for the person, about an update
 * @url: of its image, {mac} not expanded
 * @port: of its module
 * @serial: of its module; empty if it has none
 */
struct consent {
	bool waits;
	char url[URL_MAX + 1];
	char port[32];
	char serial[128];
};

/* Waits for the person, about that update alone. */
void consent_ask(struct consent *consent, const char *url,
		 const struct module *module);
void consent_stop_asking(struct consent *consent);

/* Is it about that one? */
bool consent_asks(const struct consent *consent, const struct module *module,
		  const char *url);

/* The module of the update that waits; NULL if none does. */
const struct module *consent_module(const struct consent *consent,
				    const struct modules *modules);

#endif
