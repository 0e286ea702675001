// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/param.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "clockwatch.h"
#include "daemon.h"
#include "explain.h"
#include "fetchproc.h"
#include "log.h"
#include "outcome.h"
#include "privileges.h"
#include "probe.h"
#include "saver.h"
#include "signals.h"
#include "text.h"
#include "trim.h"
#include "verbs.h"

/**
 * struct daemon - the parts, which are told of one another where they need it
 * @signals: that end it, or ask for a lookup; and the end of a uxmc-fetch
 * @leave: runs while there is nothing to do, if it is to leave then
 * @stop: it is to end
 */
struct daemon {
	const struct config *config;
	const struct keys *keys;
	struct loop loop;
	struct store store;
	struct driver driver;
	struct consent consent;
	struct publish publish;
	struct pauses pauses;
	struct clockwatch clock;
	struct saver saver;
	struct update update;
	struct outcome outcome;
	struct lookup lookup;
	struct gate gate;
	struct probe probe;
	struct access access;
	struct counts counts;
	struct verbs verbs;
	struct control control;
	struct loop_watch signals;
	struct loop_timer leave;
	bool exit_idle;
	bool stop;
};

/* All who wait for the end of the update */
static void answer_waiting(struct daemon *daemon, enum reply reply,
			   const char *word, const char *sentence)
{
	struct control_client *client;

	while ((client = control_take_waiting(&daemon->control,
					      CONTROL_UPDATE)))
		control_answer(client, reply, word, "%s", sentence);
}

/* What the driver tells */

static void on_plugged(void *context)
{
	struct daemon *daemon = context;

	lookup_plugged(&daemon->lookup);
}

static void on_changed(void *context, const struct module *module)
{
	struct daemon *daemon = context;

	publish_to(&daemon->publish, module);
	update_module_changed(&daemon->update, module);
	if (module->state == UXMC_STATE_REQUESTED &&
	    !update_has(&daemon->update, module))
		gate_take_module(&daemon->gate, module);
}

static void on_removed(void *context, const struct module *module)
{
	struct daemon *daemon = context;

	update_module_removed(&daemon->update, module);
}

/* Who waits for the end of the update would, perhaps, wait for ever. */
static void on_unloaded(void *context)
{
	struct daemon *daemon = context;

	update_driver_unloaded(&daemon->update);
	answer_waiting(daemon, REPLY_NO_DRIVER, "no-driver",
		       "the driver was unloaded: the update goes on when it is loaded again");
}

static const struct driver_ops driver_ops = {
	.plugged = on_plugged,
	.changed = on_changed,
	.removed = on_removed,
	.unloaded = on_unloaded,
};

/* What the update tells */

static void on_done(void *context, const struct update *update)
{
	struct daemon *daemon = context;
	char sentence[64];

	outcome_done(&daemon->outcome, update);
	daemon->counts.done++;
	daemon->counts.seconds += (loop_now() - update->began) / 1000;
	daemon->counts.bytes += update->record.size;
	if (update->record.provisioned && daemon->config->chain)
		lookup_begin(&daemon->lookup, LOOKUP_RULES,
			     "the next module of the chain");
	text_format(sentence, sizeof(sentence), "updated to %s",
		    update->record.expect);
	answer_waiting(daemon, REPLY_OK, "done", sentence);
}

static void on_failed(void *context, const struct update *update, bool fetched)
{
	struct daemon *daemon = context;
	bool wanted = failure_was_wanted(&update->failure);

	daemon->counts.cancelled += wanted;
	daemon->counts.failed += !wanted;
	if (outcome_failed(&daemon->outcome, update, fetched))
		lookup_begin(&daemon->lookup, LOOKUP_RULES,
			     "the update failed");
	answer_waiting(daemon, wanted ? REPLY_CANCELLED : REPLY_FAILED,
		       wanted ? "cancelled" : "failed",
		       update->failure.message);
}

static const struct update_ops update_ops = {
	.done = on_done,
	.failed = on_failed,
};

/* What a lookup asks and tells */

/* A module that was flashed in vain waits for another image. */
static void look_for_change(struct daemon *daemon, const char *url)
{
	const struct attempt *worn = gate_find_worn(&daemon->gate, url);

	if (worn)
		probe_start(&daemon->probe, url, worn,
			    daemon->driver.modules.count);
}

static void on_changed_image(void *context, uint64_t target)
{
	struct daemon *daemon = context;

	if (attempts_renew(&daemon->store.attempts, target, loop_now()))
		lookup_begin(&daemon->lookup, LOOKUP_RULES,
			     "the image has changed");
}

static void on_provisioned(void *context, const char *url,
			   struct rules_verdict *verdict)
{
	struct daemon *daemon = context;
	const struct update_request request = {
		.url = url,
		.sha256 = lookup_pin(&daemon->lookup),
		.provisioned = true,
	};
	const struct gate_offer offer = {
		.url = url,
		.rollout = lookup_rollout(&daemon->lookup),
	};
	const struct module *module;

	module = gate_check_provisioned(&daemon->gate, &offer, verdict);
	if (module)
		update_begin(&daemon->update, module, &verdict->decision,
			     &request);
	else if (verdict->decision.code == RULES_WORN)
		look_for_change(daemon, url);
	if (verdict->retry_in || verdict->decision.code == RULES_WORN)
		attempts_store_time(&daemon->store.attempts,
				    daemon->store.dir, loop_now());
}

static void on_looked_up(void *context)
{
	struct daemon *daemon = context;
	struct control_client *client;

	daemon->counts.looked = loop_now();
	daemon->counts.lookups += daemon->lookup.decided;
	daemon->counts.lookup_failures += !daemon->lookup.decided;
	while ((client = control_take_waiting(&daemon->control,
					      CONTROL_LOOKUP)))
		explain(client, &daemon->lookup,
			driver_is_loaded(&daemon->driver));
	/* The next look may be a day away. */
	trim_code();
}

static const struct lookup_ops lookup_ops = {
	.decide = on_provisioned,
	.ended = on_looked_up,
};

/* What clients say */

static void on_request(void *context, struct control_client *client, char *text,
		       size_t length)
{
	struct daemon *daemon = context;

	verbs_serve(&daemon->verbs, client, text, length);
}

static void on_file(void *context, const char *data, size_t count)
{
	struct daemon *daemon = context;

	update_take_file(&daemon->update, data, count);
}

static void on_lost_file(void *context)
{
	struct daemon *daemon = context;

	update_lose_file(&daemon->update);
}

static const struct control_ops control_ops = {
	.serve = on_request,
	.take = on_file,
	.lost = on_lost_file,
};

static void on_signal(void *context, uint32_t events)
{
	struct daemon *daemon = context;
	struct signalfd_siginfo info;

	(void)events;
	if (read(daemon->signals.fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGCHLD) {
		fetchproc_reap();
		return;
	}
	if (info.ssi_signo == SIGHUP) {
		lookup_begin(&daemon->lookup, LOOKUP_ALL, "SIGHUP");
		return;
	}
	log_info("%s: stopping", strsignal((int)info.ssi_signo));
	daemon->stop = true;
}

static void on_clock_set(void *context, bool was_unset)
{
	struct daemon *daemon = context;

	lookup_clock_set(&daemon->lookup, was_unset);
}

static bool is_working(const struct daemon *daemon)
{
	return update_is_active(&daemon->update) ||
	       lookup_is_active(&daemon->lookup);
}

static bool is_idle(const struct daemon *daemon)
{
	return !daemon->driver.modules.count && !is_working(daemon) &&
	       !daemon->saver.pending;
}

static void on_leave(void *context)
{
	struct daemon *daemon = context;

	/* A module may just have come. */
	if (!is_idle(daemon))
		return;
	log_info("no module is connected: leaving");
	daemon->stop = true;
}

/* Without a module there is nothing to do; udev starts uxmcd for the next one. */
static void consider_leaving(struct daemon *daemon)
{
	bool idle = is_idle(daemon);

	if (!daemon->exit_idle || idle == daemon->leave.running)
		return;
	/* Whom the next uxmcd would ask at once for the next module is not forgotten. */
	if (idle)
		loop_start(&daemon->loop, &daemon->leave,
			   MAX(daemon->config->exit_delay,
			       pauses_longest(&daemon->pauses, loop_now())));
	else
		loop_cancel(&daemon->loop, &daemon->leave);
}

static void work(struct daemon *daemon)
{
	while (!daemon->stop) {
		/* One thing at a time: what was asked for follows the update. */
		if (!update_is_active(&daemon->update))
			lookup_continue(&daemon->lookup);
		consider_leaving(daemon);
		loop_turn(&daemon->loop);
	}
}

static int open_signals(struct daemon *daemon)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD, 0 };
	int fd = signals_open(numbers);

	return fd < 0 ? fd :
	       loop_add(&daemon->loop, &daemon->signals, fd, EPOLLIN,
			on_signal, daemon);
}

static void close_signals(struct daemon *daemon)
{
	int fd = daemon->signals.fd;

	loop_del(&daemon->loop, &daemon->signals);
	close(fd);
}

static int report(const char *what, int ret)
{
	if (ret)
		log_error("%s: %s", what, strerror(-ret));
	return ret;
}

/* What waits for something outside */
static int open_ends(struct daemon *daemon)
{
	const struct config *config = daemon->config;
	int ret;

	ret = report("signals and timers", loop_open(&daemon->loop));
	if (!ret)
		ret = report("signals and timers", open_signals(daemon));
	if (!ret)
		ret = store_open(&daemon->store, config);
	if (!ret)
		ret = report("netlink", driver_open(&daemon->driver,
						    &daemon->loop, &driver_ops,
						    daemon));
	if (!ret)
		ret = report(config->control,
			     control_open(&daemon->control, &daemon->loop,
					  config, &control_ops, daemon));
	return ret;
}

static struct fetcher_needs fetcher_needs(struct daemon *daemon)
{
	return (struct fetcher_needs) {
		.config = daemon->config,
		.settings = &daemon->store.settings,
		.loop = &daemon->loop,
		.pauses = &daemon->pauses,
	};
}

static void open_update(struct daemon *daemon)
{
	struct update_needs needs = {
		.config = daemon->config,
		.store = &daemon->store,
		.driver = &daemon->driver,
		.loop = &daemon->loop,
		.fetcher = fetcher_needs(daemon),
		.keys = daemon->keys,
	};

	update_open(&daemon->update, &needs, &update_ops, daemon);
}

static void open_lookup(struct daemon *daemon)
{
	struct source_needs needs = {
		.config = daemon->config,
		.store = &daemon->store,
		.modules = &daemon->driver.modules,
		.fetcher = fetcher_needs(daemon),
	};

	lookup_open(&daemon->lookup, &daemon->loop, &needs, &lookup_ops,
		    daemon);
}

/* What joins others, and has nothing else of its own */
static void join(struct daemon *daemon)
{
	daemon->publish = (struct publish) {
		.store = &daemon->store,
		.driver = &daemon->driver,
		.match_module = daemon->config->match_module,
	};
	daemon->outcome = (struct outcome) {
		.config = daemon->config,
		.store = &daemon->store,
		.publish = &daemon->publish,
		.saver = &daemon->saver,
	};
	daemon->gate = (struct gate) {
		.config = daemon->config,
		.store = &daemon->store,
		.driver = &daemon->driver,
		.update = &daemon->update,
		.consent = &daemon->consent,
		.publish = &daemon->publish,
		.pauses = &daemon->pauses,
	};
	daemon->verbs = (struct verbs) {
		.store = &daemon->store,
		.driver = &daemon->driver,
		.update = &daemon->update,
		.lookup = &daemon->lookup,
		.consent = &daemon->consent,
		.gate = &daemon->gate,
		.publish = &daemon->publish,
		.saver = &daemon->saver,
		.access = &daemon->access,
		.counts = &daemon->counts,
	};
}

static int open_all(struct daemon *daemon)
{
	struct fetcher_needs needs;
	int ret = open_ends(daemon);

	if (ret)
		return ret;
	open_update(daemon);
	open_lookup(daemon);
	ret = report("the clock", clockwatch_open(&daemon->clock, &daemon->loop,
						  on_clock_set, daemon));
	if (ret)
		return ret;
	access_open(&daemon->access, &daemon->store.settings);
	saver_open(&daemon->saver, &daemon->loop, &daemon->store);
	needs = fetcher_needs(daemon);
	probe_open(&daemon->probe, &needs, on_changed_image, daemon);
	ret = report("rights that it does without", privileges_drop());
	if (ret)
		return ret;
	join(daemon);
	daemon->leave.call = on_leave;
	daemon->leave.context = daemon;
	return 0;
}

static void close_all(struct daemon *daemon)
{
	control_close(&daemon->control);
	clockwatch_close(&daemon->clock);
	lookup_close(&daemon->lookup);
	probe_close(&daemon->probe);
	update_close(&daemon->update);
	saver_close(&daemon->saver);
	driver_close(&daemon->driver);
	store_close(&daemon->store);
	close_signals(daemon);
	loop_close(&daemon->loop);
}

int daemon_run(const struct config *config, const struct keys *keys,
	       bool exit_idle)
{
	static struct daemon daemon;
	int ret;

	daemon.config = config;
	daemon.keys = keys;
	daemon.exit_idle = exit_idle;
	daemon.stop = false;
	daemon.pauses = (struct pauses){ 0 };
	ret = open_all(&daemon);
	if (ret)
		return ret;
	update_take_up(&daemon.update);
	driver_start(&daemon.driver);
	update_sweep(&daemon.update);
	lookup_start(&daemon.lookup);
	work(&daemon);
	close_all(&daemon);
	return 0;
}
