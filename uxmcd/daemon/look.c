// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "look.h"
#include "random.h"
#include "schedule.h"
#include "timer.h"
#include "uxmcd.h"

static uint64_t server_interval(const struct uxmcd *daemon)
{
	return settings_number(&daemon->settings,
			       SETTING_SETTINGS_REFRESH_TIMER) * 1000;
}

static uint64_t earlier(uint64_t one, uint64_t other)
{
	return one < other ? one : other;
}

static uint64_t later(uint64_t one, uint64_t other)
{
	return one < other ? other : one;
}

static uint64_t server_due(const struct uxmcd *daemon)
{
	const struct source *source = &daemon->look.setting_server;

	return source_is_set(daemon, source) ?
	       source_due(source, server_interval(daemon)) : SOURCE_NEVER;
}

/* What setting_server's file holds may be all that there is to look at. */
static uint64_t status_due(const struct uxmcd *daemon)
{
	const struct look *look = &daemon->look;

	if (!source_is_set(daemon, &look->firmware_status) &&
	    !source_is_set(daemon, &look->setting_server))
		return SOURCE_NEVER;
	return source_due(&look->firmware_status,
			  settings_interval(&daemon->settings));
}

static uint64_t next_due(const struct uxmcd *daemon)
{
	const struct look *look = &daemon->look;

	if (!look->begun)
		return look->all_due;
	return earlier(earlier(look->all_due, look->rules_due),
		       earlier(server_due(daemon), status_due(daemon)));
}

/* The one timer is for the next look while there is none under way. */
static void wait_for_next(struct uxmcd *daemon)
{
	uint64_t due = next_due(daemon), now = timer_now();

	if (due == SOURCE_NEVER)
		timer_stop(daemon->look.timer);
	else
		timer_start(daemon->look.timer, due > now ? due - now : 0);
}

static bool begin_source(struct uxmcd *daemon, struct source *source,
			 unsigned int bit)
{
	struct look *look = &daemon->look;

	if (!(look->what & bit)) {
		source_pass(source, "not looked at this time");
		return false;
	}
	if (!source_begin(daemon, source))
		return false;
	timer_start(look->timer,
		    transfer_patience(&source->document.transfer));
	return true;
}

/* Something new in setting_server's file may change all that follows. */
static void widen(struct look *look)
{
	if (look->setting_server.changed)
		look->what |= LOOK_AT_STATUS;
}

/* Is it known what is provisioned? */
static bool is_known(const struct uxmcd *daemon)
{
	const struct look *look = &daemon->look;

	if (source_is_set(daemon, &look->firmware_status))
		return !look->firmware_status.failures;
	return !look->setting_server.failures;
}

static void decide(struct uxmcd *daemon)
{
	struct look *look = &daemon->look;
	const struct rules_decision *decision = &look->verdict.decision;

	look->decided = look->what & (LOOK_AT_STATUS | LOOK_AT_RULES) &&
			is_known(daemon);
	if (!look->decided)
		return;
	offer_decide(daemon, &look->verdict);
	if (look->verdict.retry_in)
		look->rules_due = timer_now() + look->verdict.retry_in;
	log_info("provisioning (%s): %s%s%s", look->why, look_word(look),
		 *decision->sentence ? ": " : "", decision->sentence);
}

static void end(struct uxmcd *daemon)
{
	wait_for_next(daemon);
	if (!daemon->look.again)
		control_explain(daemon);
}

/* Takes the step, and says what comes next: the same state if that is open yet. */
static enum look_state act(struct uxmcd *daemon, enum look_state state)
{
	struct look *look = &daemon->look;

	switch (state) {
	case LOOK_SERVER:
		return begin_source(daemon, &look->setting_server,
				    LOOK_AT_SERVER) ? LOOK_SERVER : LOOK_STATUS;
	case LOOK_STATUS:
		widen(look);
		return begin_source(daemon, &look->firmware_status,
				    LOOK_AT_STATUS) ? LOOK_STATUS : LOOK_RULES;
	case LOOK_RULES:
		decide(daemon);
		return LOOK_NONE;
	case LOOK_NONE:
		end(daemon);
		return LOOK_NONE;
	}
	return LOOK_NONE;
}

/* The one place where the state changes. */
static void look_enter(struct uxmcd *daemon, enum look_state next)
{
	struct look *look = &daemon->look;

	do {
		look->state = next;
		timer_stop(look->timer);
		next = act(daemon, next);
	} while (next != look->state);
}

static void begin(struct uxmcd *daemon, unsigned int what, const char *why)
{
	struct look *look = &daemon->look;

	look->what = what;
	look->why = why;
	look->again = 0;
	look->begun = true;
	if ((what & LOOK_AT_ALL) == LOOK_AT_ALL)
		look->all_due = SOURCE_NEVER;
	if (what & LOOK_AT_RULES)
		look->rules_due = SOURCE_NEVER;
	look_enter(daemon, LOOK_SERVER);
}

void look_begin(struct uxmcd *daemon, unsigned int what, const char *why)
{
	daemon->look.again |= what;
	daemon->look.again_why = why;
}

/* Several modules that are plugged in together come one after another. */
static uint64_t when_settled(const struct uxmcd *daemon)
{
	return timer_now() + daemon->config.plug_delay;
}

void look_start(struct uxmcd *daemon)
{
	uint64_t now = timer_now();
	uint64_t spread = schedule_first(now, daemon->config.first_look_spread,
					 random_bits());

	daemon->look.all_due = later(now + spread, when_settled(daemon));
	wait_for_next(daemon);
}

/* Before the first look it would come too early: the whole fleet may boot. */
void look_plugged(struct uxmcd *daemon)
{
	struct look *look = &daemon->look;

	if (!look->begun)
		return;
	look->all_due = when_settled(daemon);
	if (look->state == LOOK_NONE)
		wait_for_next(daemon);
}

void look_setting_changed(struct uxmcd *daemon, enum setting_id id)
{
	if (id == SETTING_SETTING_SERVER)
		look_begin(daemon, LOOK_AT_ALL, "setting_server was changed");
	else if (id == SETTING_FIRMWARE_STATUS)
		look_begin(daemon, LOOK_AT_STATUS,
			   "firmware_status was changed");
	else if (daemon->look.state == LOOK_NONE)
		wait_for_next(daemon);
}

static struct source *source_at_work(struct look *look)
{
	switch (look->state) {
	case LOOK_SERVER:
		return &look->setting_server;
	case LOOK_STATUS:
		return &look->firmware_status;
	case LOOK_RULES:
	case LOOK_NONE:
		return NULL;
	}
	return NULL;
}

/* The step after that of the file that is in, be it good or bad. */
static void go_on(struct uxmcd *daemon, struct source *source)
{
	source_take(daemon, source);
	look_enter(daemon, daemon->look.state == LOOK_SERVER ? LOOK_STATUS :
							       LOOK_RULES);
}

static void watch_silence(struct uxmcd *daemon, struct source *source)
{
	struct transfer *transfer = &source->document.transfer;
	uint64_t patience = transfer_patience(transfer);

	if (patience) {
		timer_start(daemon->look.timer, patience);
		return;
	}
	transfer_give_up(transfer);
	go_on(daemon, source);
}

static unsigned int what_is_due(const struct uxmcd *daemon, uint64_t now)
{
	const struct look *look = &daemon->look;
	unsigned int what = 0;

	if (look->all_due <= now)
		return LOOK_AT_ALL;
	if (!look->begun)
		return 0;
	if (server_due(daemon) <= now)
		what |= LOOK_AT_SERVER;
	if (status_due(daemon) <= now)
		what |= LOOK_AT_STATUS;
	if (look->rules_due <= now)
		what |= LOOK_AT_RULES;
	return what;
}

static void take_due(struct uxmcd *daemon)
{
	struct look *look = &daemon->look;
	unsigned int what = what_is_due(daemon, timer_now());
	const char *why = !look->begun ? "the first look" :
			  what == LOOK_AT_ALL ? "a module was plugged in" :
						"it is time";

	if (what)
		look_begin(daemon, what, why);
	else
		wait_for_next(daemon);
}

void look_timer(struct uxmcd *daemon)
{
	struct source *source = source_at_work(&daemon->look);

	if (source)
		watch_silence(daemon, source);
	else
		take_due(daemon);
}

void look_step(struct uxmcd *daemon)
{
	struct look *look = &daemon->look;
	struct source *source = source_at_work(look);

	if (source && transfer_look(&source->document.transfer) !=
		      TRANSFER_RUNNING)
		go_on(daemon, source);
	if (look_is_eager(daemon))
		begin(daemon, look->again, look->again_why);
}

bool look_is_eager(const struct uxmcd *daemon)
{
	const struct look *look = &daemon->look;

	return look->again && look->state == LOOK_NONE &&
	       !job_is_active(&daemon->job);
}

bool look_is_active(const struct look *look)
{
	return look->state != LOOK_NONE || look->again;
}

const char *look_word(const struct look *look)
{
	if (!look->decided)
		return "failed";
	switch (look->verdict.decision.code) {
	case RULES_ALLOWED:
		return "started";
	case RULES_ASK:
		return "waiting";
	default:
		return rules_code_name(look->verdict.decision.code);
	}
}

int look_open(struct uxmcd *daemon)
{
	struct look *look = &daemon->look;

	memset(look, 0, sizeof(*look));
	look->all_due = SOURCE_NEVER;
	look->rules_due = SOURCE_NEVER;
	source_open(&look->setting_server, daemon->multi, &daemon->config,
		    SETTING_SETTING_SERVER, ORIGIN_SETTING_SERVER);
	source_open(&look->firmware_status, daemon->multi, &daemon->config,
		    SETTING_FIRMWARE_STATUS, ORIGIN_FIRMWARE_STATUS);
	look->timer = timer_open();
	return look->timer < 0 ? look->timer : 0;
}

void look_close(struct uxmcd *daemon)
{
	source_close(&daemon->look.setting_server);
	source_close(&daemon->look.firmware_status);
	close(daemon->look.timer);
}
