// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "explain.h"
#include "sentence.h"

static void explain_source(struct control_client *client,
			   const struct source *source)
{
	const char *outcome = source->error ? "no" : "ok";

	control_answer(client, REPLY_OK, "step", "%s %s %s",
		       setting_name(source->setting),
		       source->idle ? "info" : outcome, source->report);
}

static void explain_rules(struct control_client *client,
			  const struct rules_steps *steps)
{
	size_t i;

	for (i = 0; i < steps->count; i++)
		control_answer(client, REPLY_OK, "step", "%s %s %s",
			       steps->list[i].rule,
			       steps->list[i].passed ? "ok" : "no",
			       steps->list[i].text);
}

/* What kept the rules from being looked at */
static void explain_failure(struct control_client *client,
			    const struct lookup *lookup)
{
	const struct source *source = lookup->firmware_status.failures ?
				      &lookup->firmware_status :
				      &lookup->setting_server;

	control_answer(client, REPLY_FAILED,
		       source->error == EINVAL ? "parse" : "fetch", "%s: %s",
		       setting_name(source->setting), source->report);
}

static enum reply reply_of(enum rules_code code)
{
	switch (code) {
	case RULES_ALLOWED:
	case RULES_ASK:
	case RULES_MATCH:
	case RULES_NOTHING:
		return REPLY_OK;
	case RULES_NO_MODULE:
		return REPLY_NO_MODULE;
	case RULES_BUSY:
		return REPLY_BUSY;
	default:
		return REPLY_REFUSED;
	}
}

static void explain_decision(struct control_client *client,
			     const struct lookup *lookup)
{
	const struct rules_decision *decision = &lookup->verdict.decision;

	explain_rules(client, &lookup->verdict.steps);
	if (decision->code == RULES_ALLOWED)
		control_answer(client, REPLY_OK, "started",
			       "the update to %s was started",
			       decision->image.version);
	else
		control_answer(client, reply_of(decision->code),
			       lookup_word(lookup), "%s", decision->sentence);
}

void explain(struct control_client *client, const struct lookup *lookup,
	     bool driver_is_loaded)
{
	explain_source(client, &lookup->setting_server);
	explain_source(client, &lookup->firmware_status);
	if (!lookup->decided)
		explain_failure(client, lookup);
	else if (!driver_is_loaded)
		control_answer(client, REPLY_NO_DRIVER, "no-driver",
			       SENTENCE_NO_DRIVER);
	else
		explain_decision(client, lookup);
}
