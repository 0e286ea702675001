// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#include "layout.h"
#include "log.h"
#include "random.h"
#include "schedule.h"
#include "source.h"
#include "text.h"
#include "useragent.h"

#define NO_MAC \
	"{mac} in the URL, but the phone's MAC address is not known: set phone_mac in uxmcd.conf"

void source_open(struct source *source, const struct source_needs *needs,
		 enum setting_id setting, enum setting_origin origin,
		 void (*heard)(void *context), void *context)
{
	memset(source, 0, sizeof(*source));
	source->needs = *needs;
	source->setting = setting;
	source->origin = origin;
	docfetch_open(&source->fetch, &needs->fetcher, heard, context);
}

static void forget(struct source *source)
{
	documents_forget(&source->documents);
	picture_clear(&source->picture);
	source->known = false;
	source->cut = NULL;
	free(source->url);
	source->url = NULL;
}

void source_close(struct source *source)
{
	docfetch_stop(&source->fetch);
	forget(source);
}

static const char *url_of(const struct source *source)
{
	return settings_get(&source->needs.store->settings, source->setting);
}

bool source_is_set(const struct source *source)
{
	return *url_of(source);
}

/* Milliseconds between two looks; 0: there are no regular ones. */
static uint64_t interval_of(const struct source *source)
{
	const struct settings *settings = &source->needs.store->settings;

	if (source->setting == SETTING_FIRMWARE_STATUS)
		return settings_interval(settings);
	return settings_number(settings, SETTING_SETTINGS_REFRESH_TIMER) * 1000;
}

static uint64_t regularly_due(const struct source *source)
{
	uint64_t interval = interval_of(source);

	return interval ? source->looked + interval : SOURCE_NEVER;
}

uint64_t source_due_of(const struct source *source,
		       const struct document *document)
{
	return document->failures ? document->looked + document->pause :
				    regularly_due(source);
}

/* Without files, too, there are decisions to be made anew. */
uint64_t source_due(const struct source *source)
{
	const struct document *document = source->documents.list;
	uint64_t due = SOURCE_NEVER;

	if (!document)
		return regularly_due(source);
	for (; document; document = document->next)
		due = MIN(due, source_due_of(source, document));
	return due;
}

/* What the later ones say, which takes precedence, these do not change. */
static void leave_out_later(struct provision *provision,
			    const struct source *later)
{
	enum setting_id id;

	for (id = 0; id < SETTINGS_COUNT; id++)
		if (later->picture.said.list[id])
			provision->list[id] = NULL;
}

/* What says what it said before is applied again as well. */
static int apply(const struct source *source)
{
	struct provision provision = source->picture.said;
	struct store *store = source->needs.store;

	if (source->later)
		leave_out_later(&provision, source->later);
	return settings_provision(&store->settings, store->dir, &provision,
				  source->origin);
}

/* With the later files gone, what the earlier ones say holds again. */
static void forget_files(struct source *source)
{
	bool known = source->url;

	forget(source);
	if (known && source->earlier)
		apply(source->earlier);
}

/* After a failure the server is left alone for longer and longer. */
static void fail(struct source *source, const struct place *place, bool missing,
		 int error, const char *sentence, uint64_t retry_after)
{
	uint64_t interval = settings_interval(&source->needs.store->settings);
	struct document *document = place->document;

	document_fail(document, missing, error, sentence, loop_now());
	document->pause = schedule_retry(document->failures,
					 schedule_longest(interval, error),
					 retry_after * 1000, random_bits());
	log_warning("%s: %s; it is looked at again in %llu s",
		    setting_name(source->setting),
		    docreport_failure(document, place->above),
		    (unsigned long long)document->pause / 1000);
}

/* Of a version that is not known yet */
static void log_dropped(const struct source *source,
			const struct document *document)
{
	const struct provision_line *line = source->fetch.said.dropped;
	char url[URL_MAX + 1];

	if (source->fetch.unchanged ||
	    provision_lines_are_same(line, document->said.dropped))
		return;
	url_show(document->url, url, sizeof(url));
	for (; line; line = line->next)
		log_warning("%s: %s: line %d: %s; that does not count",
			    setting_name(source->setting), url, line->line,
			    line->text);
}

/* Nothing was asked for: there was no connection. */
static bool was_unreachable(const struct docfetch *fetch)
{
	const struct verdict *verdict = docfetch_verdict(fetch);

	return verdict->result == VERDICT_BROKEN && !fetch->fetcher.wire.asked &&
	       (verdict->error == ETIMEDOUT || verdict->error == EHOSTUNREACH ||
		verdict->error == ENETUNREACH ||
		verdict->error == ECONNREFUSED);
}

static void take_fetched(struct source *source)
{
	const struct verdict *verdict = docfetch_verdict(&source->fetch);
	struct document *document = source->at->document;
	bool missing = verdict->result == VERDICT_FAILED &&
		       verdict->error == ENOENT;

	if (verdict->result == VERDICT_COMPLETE) {
		log_dropped(source, document);
		docfetch_give(&source->fetch, document);
		source->heard = true;
	} else if (missing && source->at->optional) {
		document_miss(document);
	} else {
		if (was_unreachable(&source->fetch))
			source->down = document;
		fail(source, source->at, missing, verdict->error,
		     verdict->sentence, source->fetch.fetcher.retry_after);
	}
	docfetch_stop(&source->fetch);
}

bool source_is_fetched(const struct source *source)
{
	return docfetch_verdict(&source->fetch)->result != VERDICT_RUNNING;
}

/* True if it is to be waited for. */
static bool fetch(struct source *source, const struct place *place)
{
	char user_agent[USERAGENT_MAX + 1] = "";

	useragent_make(source->needs.config, source->needs.modules->count,
		       user_agent, sizeof(user_agent));
	docfetch_start(&source->fetch, place->document, place->above,
		       documents_room(&source->documents, place->document),
		       user_agent);
	if (!source_is_fetched(source))
		return true;
	take_fetched(source);
	return false;
}

static bool is_wanted(const struct source *source,
		      const struct document *document)
{
	if (!document->looked || source->which == SOURCE_ALL)
		return true;
	if (document_is_paused(document, loop_now()))
		return false;
	return document->failures || source->regular;
}

/* True if its file is to be waited for. */
static bool look_at(struct source *source, struct place *place)
{
	struct document *document = place->document;

	documents_visit(place);
	if (place->again || !is_wanted(source, document))
		return false;
	document->looked = loop_now();
	if (place->depth > DOCUMENTS_DEPTH_MAX)
		fail(source, place, false, ELOOP,
		     "more than 4 files lead to it, one to the other", 0);
	else if (strstr(document->url, URL_MAC_MARK))
		fail(source, place, false, ENOKEY, NO_MAC, 0);
	else if (source->down && url_is_same_server(source->down->url, document->url))
		fail(source, place, false, source->down->error,
		     "its server could not be reached for another file", 0);
	else
		return fetch(source, place);
	return false;
}

/* Of the first ones, is there one with that outcome? */
static bool has_first(const struct source *source,
		      enum document_outcome outcome)
{
	const struct place *place;

	for (place = source->documents.first; place; place = place->next)
		if (!place->above && place->document->outcome == outcome)
			return true;
	return false;
}

/* Of a directory's files one may be missing, but not both. */
static void settle_missing(struct source *source, const struct place *place)
{
	const struct config *config = source->needs.config;
	struct document *document = place->document;
	char sentence[160];

	if (!place->optional || document->outcome != DOCUMENT_MISSING)
		return;
	if (has_first(source, DOCUMENT_GOOD)) {
		document_forget(document);
		document->failures = 0;
	} else if (!has_first(source, DOCUMENT_BAD) &&
		   document->looked >= source->begun) {
		text_format(sentence, sizeof(sentence),
			    "the directory has neither snom%s.htm nor snom%s-%s.htm",
			    config->phone_model, config->phone_model,
			    config->phone_mac);
		fail(source, place, true, ENOENT, sentence, 0);
	}
}

static size_t count_failed(const struct source *source)
{
	const struct document *document = source->documents.list;
	size_t count;

	for (count = 0; document; document = document->next)
		count += !!document->failures;
	return count;
}

static bool is_unchanged(const struct source *source)
{
	const struct document *document;

	for (document = source->documents.list; document; document = document->next)
		if (document->outcome == DOCUMENT_GOOD && !document->unchanged)
			return false;
	return true;
}

static void report_known(struct source *source)
{
	size_t count = documents_count_places(&source->documents);
	size_t failed = count_failed(source);
	char files[64] = "";

	if (count > 1)
		text_format(files, sizeof(files), ", %zu files", count);
	if (failed)
		text_format(files, sizeof(files), ", %zu files, of which %zu failed",
			    count, failed);
	source->error = 0;
	text_format(source->report, sizeof(source->report), "%s%s%s",
		    is_unchanged(source) ? "not changed" : "read", files,
		    docreport_image(&source->picture.said));
}

/* The sentence is about what keeps it from being known. */
static void report_obstacle(struct source *source)
{
	const struct document *obstacle = source->picture.obstacle;
	bool named = obstacle != source->documents.first->document;

	source->error = obstacle->error;
	text_format(source->report, sizeof(source->report), "%s",
		    docreport_failure(obstacle, named));
}

static void report_cut(struct source *source)
{
	source->error = E2BIG;
	text_format(source->report, sizeof(source->report), "%s", source->cut);
}

static void judge(struct source *source)
{
	bool known = source->known;

	source->known = !source->picture.obstacle && !source->cut;
	source->changed |= source->known && !known;
	if (source->cut)
		report_cut(source);
	else if (source->picture.obstacle)
		report_obstacle(source);
	else
		report_known(source);
}

static void add_up(struct source *source)
{
	if (picture_make(&source->picture, &source->documents, loop_now()))
		source->cut = strerror(ENOMEM);
	source->changed = source->picture.changed;
}

static void store_said(struct source *source)
{
	char sentence[128];
	int ret = apply(source);

	if (!ret)
		return;
	text_format(sentence, sizeof(sentence),
		    "the settings in it cannot be stored: %s", strerror(-ret));
	fail(source, source->documents.first, false, -ret, sentence, 0);
	source->picture.obstacle = source->documents.first->document;
}

static void end_look(struct source *source)
{
	const struct place *place;

	documents_end(&source->documents);
	for (place = source->documents.first; place; place = place->next)
		settle_missing(source, place);
	add_up(source);
	if (source->heard)
		store_said(source);
	judge(source);
}

/* The files that the one at the place names get places behind it. */
static void put_named(struct source *source)
{
	const char *cut = layout_named(&source->documents, source->needs.config,
				       source->at);

	if (cut)
		source->cut = cut;
}

/* From the place on that has its turn. False: all have had theirs. */
static bool go_on(struct source *source)
{
	for (; source->at; source->at = source->at->next) {
		if (look_at(source, source->at))
			return true;
		put_named(source);
	}
	end_look(source);
	return false;
}

bool source_take(struct source *source)
{
	take_fetched(source);
	put_named(source);
	source->at = source->at->next;
	return go_on(source);
}

bool source_has_moved(const struct source *source)
{
	return source->url && source_is_set(source) &&
	       strcmp(source->url, url_of(source));
}

void source_cut(struct source *source, const char *why)
{
	source->cut = why;
	judge(source);
}

void source_pass(struct source *source, const char *why)
{
	source->idle = true;
	source->changed = false;
	source->error = 0;
	text_format(source->report, sizeof(source->report), "%s", why);
}

static void begin_unset(struct source *source)
{
	forget_files(source);
	source->known = true;
	source->looked = source->begun;
	source_pass(source, "not set");
}

/* Is it time for those files that have not failed? */
static bool is_regular(const struct source *source, enum source_which which)
{
	return which != SOURCE_DUE || regularly_due(source) <= source->begun;
}

static bool note_url(struct source *source)
{
	const char *url = url_of(source);

	if (source->url && !strcmp(source->url, url))
		return true;
	forget_files(source);
	source->url = strdup(url);
	if (!source->url)
		source->cut = strerror(ENOMEM);
	return source->url;
}

static bool may_be_directory(const struct source *source)
{
	return source->setting == SETTING_SETTING_SERVER;
}

bool source_begin(struct source *source, enum source_which which)
{
	source->begun = loop_now();
	if (!source_is_set(source)) {
		begin_unset(source);
		return false;
	}
	source->idle = false;
	source->changed = false;
	source->heard = false;
	source->down = NULL;
	source->cut = NULL;
	source->which = which;
	source->regular = is_regular(source, which);
	if (source->regular)
		source->looked = source->begun;
	documents_begin(&source->documents);
	if (note_url(source))
		source->cut = layout_first(&source->documents, source->needs.config,
					   source->url, may_be_directory(source));
	source->at = source->documents.first;
	return go_on(source);
}
