// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>

#include "explain.h"
#include "order.h"
#include "text.h"
#include "verbs_look.h"

void verbs_last(const struct order *order)
{
	const struct lookup *lookup = order->verbs->lookup;
	uint64_t looked = order->verbs->counts->looked;

	if (lookup_is_active(lookup)) {
		answer(order, REPLY_BUSY, "busy", "%s",
		       "the servers are being looked at");
		return;
	}
	if (!looked) {
		answer(order, REPLY_FAILED, "never", "%s",
		       "the servers have not been looked at yet");
		return;
	}
	answer(order, REPLY_OK, "entry", "%" PRIu64 "\t%s",
	       (loop_now() - looked) / 1000, text_or_dash(lookup_url(lookup)));
	explain(order->client, lookup, driver_is_loaded(order->verbs->driver));
}

void verbs_may(const struct order *order)
{
	struct rules_decision decision;
	struct rules_steps steps;

	gate_look(order->verbs->gate, &decision, &steps);
	explain_rules(order->client, &steps);
	if (decision.code == RULES_ALLOWED)
		answer(order, REPLY_OK, "allowed", "%s",
		       "an update can be asked for");
	else
		answer(order, REPLY_REFUSED, rules_code_name(decision.code), "%s",
		       decision.sentence);
}

void verbs_counts(const struct order *order)
{
	const struct counts *counts = order->verbs->counts;
	const struct {
		const char *name;
		uint64_t number;
	} numbers[] = {
		{ "updates_done", counts->done },
		{ "updates_failed", counts->failed },
		{ "updates_cancelled", counts->cancelled },
		{ "update_seconds", counts->seconds },
		{ "update_bytes", counts->bytes },
		{ "lookups", counts->lookups },
		{ "lookup_failures", counts->lookup_failures },
		{ "looked", counts->looked ?
		  (loop_now() - counts->looked) / 1000 : 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		answer(order, REPLY_OK, "entry", "%s\t%" PRIu64, numbers[i].name,
		       numbers[i].number);
	answer(order, REPLY_OK, "done", "%zu", ARRAY_SIZE(numbers));
}
