// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/param.h>

#include "log.h"
#include "lookup.h"
#include "random.h"
#include "schedule.h"

/* More than an administrator means */
#define MOVES_MAX	3

#define CLOCK_WAS_SET	"the clock was set"

static uint64_t server_due(const struct lookup *lookup)
{
	const struct source *source = &lookup->setting_server;

	return source_is_set(source) ? source_due(source) : SOURCE_NEVER;
}

/* What setting_server's file holds may be all that there is to look at. */
static uint64_t status_due(const struct lookup *lookup)
{
	if (!source_is_set(&lookup->firmware_status) &&
	    !source_is_set(&lookup->setting_server))
		return SOURCE_NEVER;
	return source_due(&lookup->firmware_status);
}

static uint64_t next_due(const struct lookup *lookup)
{
	if (!lookup->begun)
		return lookup->all_due;
	return MIN(MIN(lookup->all_due, lookup->rules_due),
		   MIN(server_due(lookup), status_due(lookup)));
}

/* While there is none under way. */
static void wait_for_next(struct lookup *lookup)
{
	uint64_t due = next_due(lookup), now = loop_now();

	if (due == SOURCE_NEVER)
		loop_cancel(lookup->loop, &lookup->timer);
	else
		loop_start(lookup->loop, &lookup->timer,
			   due > now ? due - now : 0);
}

static enum source_which which_files(const struct lookup *lookup)
{
	if (lookup->what & LOOKUP_PAUSED)
		return SOURCE_ALL;
	return lookup->what & LOOKUP_NOT_DUE ? SOURCE_UNPAUSED : SOURCE_DUE;
}

static bool begin_source(struct lookup *lookup, struct source *source,
			 unsigned int bit)
{
	if (lookup->what & bit)
		return source_begin(source, which_files(lookup));
	source_pass(source, "not looked at this time");
	return false;
}

/* Something new in setting_server's files may change all that follows. */
static void widen(struct lookup *lookup)
{
	if (lookup->setting_server.changed)
		lookup->what |= LOOKUP_STATUS | LOOKUP_NOT_DUE;
}

/* The one whose firmware_uxm counts, be it one that does not */
static const struct source *source_of_image(const struct lookup *lookup)
{
	return lookup->firmware_status.picture.image ? &lookup->firmware_status :
						       &lookup->setting_server;
}

const struct source *lookup_obstacle(const struct lookup *lookup)
{
	const struct source *server = &lookup->setting_server;
	const struct source *status = &lookup->firmware_status;

	if (source_is_set(status) && !status->known)
		return status;
	if (!source_is_set(server) || server->known)
		return NULL;
	if (!source_is_set(status) || server->picture.open || server->cut)
		return server;
	return source_of_image(lookup) == server && server->picture.image ?
	       server : NULL;
}

/* NULL: none is provisioned. */
static const struct provision_entry *image_of(const struct lookup *lookup)
{
	const struct source *source = source_of_image(lookup);

	return source->picture.said.list[SETTING_FIRMWARE_UXM];
}

const char *lookup_url(const struct lookup *lookup)
{
	const struct provision_entry *entry = image_of(lookup);

	return entry ? entry->value : "";
}

const char *lookup_pin(const struct lookup *lookup)
{
	const struct provision_entry *entry = image_of(lookup);

	return entry ? entry->sha256 : "";
}

struct rollout lookup_rollout(const struct lookup *lookup)
{
	const struct provision_entry *entry = image_of(lookup);

	return entry ? entry->rollout : (struct rollout){ 0 };
}

static void decide(struct lookup *lookup)
{
	const struct rules_decision *decision = &lookup->verdict.decision;

	lookup->decided = lookup->what & (LOOKUP_STATUS | LOOKUP_RULES) &&
			  !lookup_obstacle(lookup);
	if (!lookup->decided)
		return;
	lookup->ops->decide(lookup->context, lookup_url(lookup),
			    &lookup->verdict);
	if (lookup->verdict.retry_in)
		lookup->rules_due = loop_now() + lookup->verdict.retry_in;
	log_info("provisioning (%s): %s%s%s", lookup->why, lookup_word(lookup),
		 *decision->sentence ? ": " : "", decision->sentence);
}

static bool distrusts(const struct lookup *lookup)
{
	return documents_failed_by(&lookup->setting_server.documents, EKEYREJECTED) ||
	       documents_failed_by(&lookup->firmware_status.documents, EKEYREJECTED);
}

/* A server's certificate may be good, seen from another time. */
static void mind_clock(struct lookup *lookup)
{
	if (lookup->clock_set && distrusts(lookup))
		lookup_begin(lookup, LOOKUP_ALL, CLOCK_WAS_SET);
	lookup->clock_set = false;
}

static void end(struct lookup *lookup)
{
	mind_clock(lookup);
	wait_for_next(lookup);
	if (!lookup->again)
		lookup->ops->ended(lookup->context);
}

/* Takes the step, and says what comes next: the same state if that is open yet. */
static enum lookup_state act(struct lookup *lookup, enum lookup_state state)
{
	switch (state) {
	case LOOKUP_AT_SERVER:
		return begin_source(lookup, &lookup->setting_server,
				    LOOKUP_SERVER) ?
		       LOOKUP_AT_SERVER : LOOKUP_AT_STATUS;
	case LOOKUP_AT_STATUS:
		widen(lookup);
		return begin_source(lookup, &lookup->firmware_status,
				    LOOKUP_STATUS) ?
		       LOOKUP_AT_STATUS : LOOKUP_AT_RULES;
	case LOOKUP_AT_RULES:
		decide(lookup);
		return LOOKUP_IDLE;
	case LOOKUP_IDLE:
		end(lookup);
		return LOOKUP_IDLE;
	}
	return LOOKUP_IDLE;
}

/* The one place where the state changes. */
static void enter(struct lookup *lookup, enum lookup_state next)
{
	do {
		lookup->state = next;
		loop_cancel(lookup->loop, &lookup->timer);
		next = act(lookup, next);
	} while (next != lookup->state);
}

void lookup_begin(struct lookup *lookup, unsigned int what, const char *why)
{
	lookup->again |= what;
	lookup->again_why = why;
}

void lookup_continue(struct lookup *lookup)
{
	unsigned int what = lookup->again;

	if (!what || lookup->state != LOOKUP_IDLE)
		return;
	lookup->what = what;
	lookup->why = lookup->again_why;
	lookup->moves = 0;
	lookup->again = 0;
	lookup->begun = true;
	if ((what & LOOKUP_PLUGGED) == LOOKUP_PLUGGED)
		lookup->all_due = SOURCE_NEVER;
	if (what & LOOKUP_RULES)
		lookup->rules_due = SOURCE_NEVER;
	enter(lookup, LOOKUP_AT_SERVER);
}

/* Several modules that are plugged in together come one after another. */
static uint64_t when_settled(const struct lookup *lookup)
{
	return loop_now() + lookup->config->plug_delay;
}

void lookup_start(struct lookup *lookup)
{
	uint64_t now = loop_now();
	uint64_t spread = schedule_first(now, lookup->config->first_look_spread,
					 random_bits());

	lookup->all_due = MAX(now + spread, when_settled(lookup));
	wait_for_next(lookup);
}

/* Before the first lookup it would come too early: the whole fleet may boot. */
void lookup_plugged(struct lookup *lookup)
{
	if (!lookup->begun)
		return;
	lookup->all_due = when_settled(lookup);
	if (lookup->state == LOOKUP_IDLE)
		wait_for_next(lookup);
}

void lookup_setting_changed(struct lookup *lookup, enum setting_id id)
{
	if (id == SETTING_SETTING_SERVER)
		lookup_begin(lookup, LOOKUP_ALL, "setting_server was changed");
	else if (id == SETTING_FIRMWARE_STATUS)
		lookup_begin(lookup, LOOKUP_STATUS | LOOKUP_PAUSED,
			     "firmware_status was changed");
	else if (lookup->state == LOOKUP_IDLE)
		wait_for_next(lookup);
}

/* What the files of setting_server say now may be said elsewhere. */
static enum lookup_state after_server(struct lookup *lookup)
{
	struct source *server = &lookup->setting_server;

	if (!source_has_moved(server))
		return LOOKUP_AT_STATUS;
	if (lookup->moves++ < MOVES_MAX)
		return LOOKUP_AT_SERVER;
	source_cut(server, "its files name another setting_server, again and again");
	return LOOKUP_AT_STATUS;
}

/* The step after that of the last file that is in, be it good or bad. */
static void take_file(void *context)
{
	struct lookup *lookup = context;
	bool at_server = lookup->state == LOOKUP_AT_SERVER;
	struct source *source = at_server ? &lookup->setting_server :
					    &lookup->firmware_status;

	if (!source_is_fetched(source) || source_take(source))
		return;
	enter(lookup, at_server ? after_server(lookup) : LOOKUP_AT_RULES);
}

static unsigned int what_is_due(const struct lookup *lookup, uint64_t now)
{
	unsigned int what = 0;

	if (!lookup->begun)
		return lookup->all_due <= now ? LOOKUP_ALL : 0;
	if (lookup->all_due <= now)
		return LOOKUP_PLUGGED;
	if (server_due(lookup) <= now)
		what |= LOOKUP_SERVER;
	if (status_due(lookup) <= now)
		what |= LOOKUP_STATUS;
	if (lookup->rules_due <= now)
		what |= LOOKUP_RULES;
	return what;
}

static void take_due(void *context)
{
	struct lookup *lookup = context;
	unsigned int what = what_is_due(lookup, loop_now());
	const char *why = !lookup->begun ? "the first look" :
			  what == LOOKUP_PLUGGED ? "a module was plugged in" :
					       "it is time";

	if (what)
		lookup_begin(lookup, what, why);
	else
		wait_for_next(lookup);
}

/* Whether a look that is under way minds is known at its end. */
void lookup_clock_set(struct lookup *lookup, bool was_unset)
{
	if (was_unset && lookup->begun)
		lookup_begin(lookup, LOOKUP_ALL, CLOCK_WAS_SET);
	lookup->clock_set = true;
	if (lookup->state == LOOKUP_IDLE)
		mind_clock(lookup);
}

bool lookup_is_active(const struct lookup *lookup)
{
	return lookup->state != LOOKUP_IDLE || lookup->again;
}

const char *lookup_word(const struct lookup *lookup)
{
	if (!lookup->decided)
		return "failed";
	switch (lookup->verdict.decision.code) {
	case RULES_ALLOWED:
		return "started";
	case RULES_ASK:
		return "waiting";
	default:
		return rules_code_name(lookup->verdict.decision.code);
	}
}

void lookup_open(struct lookup *lookup, struct loop *loop,
		 const struct source_needs *needs,
		 const struct lookup_ops *ops, void *context)
{
	memset(lookup, 0, sizeof(*lookup));
	lookup->all_due = SOURCE_NEVER;
	lookup->rules_due = SOURCE_NEVER;
	lookup->loop = loop;
	lookup->timer.call = take_due;
	lookup->timer.context = lookup;
	lookup->config = needs->config;
	lookup->settings = &needs->store->settings;
	source_open(&lookup->setting_server, needs, SETTING_SETTING_SERVER,
		    ORIGIN_SETTING_SERVER, take_file, lookup);
	source_open(&lookup->firmware_status, needs, SETTING_FIRMWARE_STATUS,
		    ORIGIN_FIRMWARE_STATUS, take_file, lookup);
	lookup->setting_server.later = &lookup->firmware_status;
	lookup->firmware_status.earlier = &lookup->setting_server;
	lookup->ops = ops;
	lookup->context = context;
}

void lookup_close(struct lookup *lookup)
{
	loop_cancel(lookup->loop, &lookup->timer);
	source_close(&lookup->setting_server);
	source_close(&lookup->firmware_status);
}
