/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a person says to a provisioned update: whom uxmcd waits for to say it, and
 * what was refused. Pure.
 */
#ifndef UXMC_CONSENT_H
#define UXMC_CONSENT_H

#include "modules.h"
#include "url.h"

#define CONSENT_DENIED_MAX	8

/**
 * struct consent - see above
 * @waits: for the person, about an update
 * @url: of its image, {mac} not expanded
 * @port: of its module
 * @serial: of its module; empty if it has none
 * @count: how many updates there ever were that no person wanted
 * @denied: the last of them as hashes, each in the place of the one that is longest
 *	ago
 */
struct consent {
	bool waits;
	char url[URL_MAX + 1];
	char port[32];
	char serial[128];
	size_t count;
	uint64_t denied[CONSENT_DENIED_MAX];
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

/* The person says no, or has cancelled the update of that module. */
void consent_deny(struct consent *consent, const char *url, const char *port,
		  const char *serial);
bool consent_is_denied(const struct consent *consent, const char *url,
		       const char *port, const char *serial);

#endif
