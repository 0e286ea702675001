// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>

#include "explain.h"
#include "sentence.h"
#include "text.h"

/* Of a long URL as much is shown that the packets of all files fit into the socket. */
#define URL_SHOWN	200

/* Of what does not count, in all */
#define DROPPED_SHOWN	24

/* In seconds; "-": not by itself */
static void show_due(const struct source *source,
		     const struct document *document, char *to, size_t size)
{
	uint64_t due = source_due_of(source, document), now = loop_now();

	if (due == SOURCE_NEVER)
		text_format(to, size, "-");
	else
		text_format(to, size, "%" PRIu64, due > now ? (due - now) / 1000 : 0);
}

static const char *outcome_of(const struct place *place)
{
	if (place->again || place_is_loop(place))
		return "info";
	if (place->document->failures)
		return "no";
	return place->document->outcome == DOCUMENT_GOOD ? "ok" : "info";
}

static void describe(const struct place *place, char *to, size_t size)
{
	const struct document *document = place->document;

	if (place_is_loop(place))
		text_format(to, size, "it leads to itself, and is passed over here");
	else if (place->again)
		text_format(to, size, "the same file again: fetched once, it counts here, too");
	else
		text_format(to, size, "%s%s", docreport_look(document),
			    docreport_effect(document, loop_now()));
}

static void explain_place(struct control_client *client,
			  const struct source *source,
			  const struct place *place)
{
	char text[2 * DOCREPORT_SIZE], url[URL_MAX + 1], due[24];

	describe(place, text, sizeof(text));
	url_show(place->document->url, url, sizeof(url));
	show_due(source, place->document, due, sizeof(due));
	control_answer(client, REPLY_OK, "file", "%s\t%s\t%s\t%.*s\t%s",
		       setting_name(source->setting), outcome_of(place), due,
		       URL_SHOWN, url, text);
}

/* Of several files each; of one alone all is said. */
static void explain_places(struct control_client *client,
			   const struct source *source)
{
	const struct place *place = source->documents.first;

	if (!place || !place->next)
		return;
	for (; place; place = place->next)
		explain_place(client, source, place);
}

/* Gives how many more may be told of. */
static size_t explain_dropped(struct control_client *client,
			      const struct document *document, size_t left)
{
	const struct provision_line *line = document->said.dropped;
	char url[URL_MAX + 1];

	url_show(document->url, url, sizeof(url));
	for (; line && left; line = line->next, left--)
		control_answer(client, REPLY_OK, "step",
			       "dropped no %.*s: line %d: %s", URL_SHOWN, url,
			       line->line, line->text);
	return left;
}

static void explain_all_dropped(struct control_client *client,
				const struct source *source)
{
	const struct place *place = source->documents.first;
	size_t left = DROPPED_SHOWN;

	for (; place; place = place->next)
		if (!place->again)
			left = explain_dropped(client, place->document, left);
}

static void explain_source(struct control_client *client,
			   const struct source *source)
{
	const char *outcome = source->error ? "no" : "ok";

	control_answer(client, REPLY_OK, "step", "%s %s %s",
		       setting_name(source->setting),
		       source->idle ? "info" : outcome, source->report);
	explain_places(client, source);
	explain_all_dropped(client, source);
}

void explain_rules(struct control_client *client,
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
	const struct source *source = lookup_obstacle(lookup);

	if (!source)
		source = &lookup->setting_server;
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
	case RULES_ROLLOUT:
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
