/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The offer: the update that is provisioned, and a person's word about it.
 */
#ifndef UXMC_OFFER_H
#define UXMC_OFFER_H

#include <stdbool.h>

#include "denials.h"
#include "rules.h"

struct uxmcd;
struct module;

/**
 * struct offer - an update that a person is asked about
 * @waits: for the person
 * @url: of the image, {mac} not expanded
 * @port: of the module
 * @serial: of the module; empty if it has none
 * @denials: what persons have said no to
 */
struct offer {
	bool waits;
	char url[URL_MAX + 1];
	char port[32];
	char serial[128];
	struct denials denials;
};

/* The URL that is provisioned now; empty if none is. */
const char *offer_url(const struct uxmcd *daemon);

/**
 * struct offer_verdict - what came of a look at the rules
 * @decision: what they say
 * @steps: which were looked at
 * @retry_in: milliseconds after which it is worth another look; 0: not by itself
 */
struct offer_verdict {
	struct rules_decision decision;
	struct rules_steps steps;
	uint64_t retry_in;
};

/* Applies the rules, and begins the update, or has it wait, as they say. */
void offer_decide(struct uxmcd *daemon, struct offer_verdict *verdict);

/* The module that an update waits for a person with; NULL if none does. */
const struct module *offer_waiting(const struct uxmcd *daemon);

/*
 * The person says yes. Gives the module whose update is to be begun now; NULL if
 * the rules say otherwise.
 */
const struct module *offer_confirm(struct uxmcd *daemon,
				   struct offer_verdict *verdict);

/* Begins what they allow. */
void offer_begin(struct uxmcd *daemon, const struct module *module,
		 const struct rules_decision *decision);

/* The person says no, or has cancelled the update of that module. */
void offer_deny(struct uxmcd *daemon, const char *url, const char *port,
		const char *serial);

#endif
