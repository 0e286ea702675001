/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The gate that an update must pass: applies the rules to whoever wants one, and
 * begins what they allow.
 */
#ifndef UXMC_GATE_H
#define UXMC_GATE_H

#include "consent.h"
#include "publish.h"
#include "reply.h"
#include "update.h"

/**
 * struct gate_offer - what is provisioned
 * @url: of the image, {mac} not expanded; empty: none
 * @rollout: the phones that it is for
 * @confirmed: the person who was asked wants it
 */
struct gate_offer {
	const char *url;
	struct rollout rollout;
	bool confirmed;
};

struct gate {
	const struct config *config;
	struct store *store;
	struct driver *driver;
	struct update *update;
	struct consent *consent;
	const struct publish *publish;
	const struct pauses *pauses;
};

/* The driver was asked: begins the update, or tells the driver why not. */
void gate_take_module(const struct gate *gate, const struct module *module);

/*
 * May it be done? If not, @word and the sentence in @decision say why; if so, an
 * update that waits for its module has been given up for it.
 */
enum reply gate_check(const struct gate *gate,
		      const struct update_request *request,
		      struct rules_decision *decision, const char **word);

/* What stands in the way of any update that a person may ask for? */
void gate_look(const struct gate *gate, struct rules_decision *decision,
	       struct rules_steps *steps);

/* Begins what gate_check() has found good. */
void gate_begin(const struct gate *gate, const struct update_request *request,
		const struct rules_decision *decision);

/*
 * The same for what is provisioned. Gives the module whose update is to be begun now;
 * NULL if the rules say otherwise. What has not been confirmed may now wait for that.
 */
const struct module *gate_check_provisioned(const struct gate *gate,
					    const struct gate_offer *offer,
					    struct rules_verdict *verdict);

/*
 * The first module that has been flashed from the URL as often as it may be; NULL if
 * there is none.
 */
const struct attempt *gate_find_worn(const struct gate *gate, const char *url);

#endif
