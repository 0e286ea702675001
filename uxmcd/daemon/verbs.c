// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "history.h"
#include "publish.h"
#include "request.h"
#include "text.h"
#include "uxmcd.h"
#include "verbs.h"

#define answer(call, ...)	control_answer((call)->client, __VA_ARGS__)

static void begin_update(struct call *call, int source)
{
	struct request request = { .url = call->argument, .source = source };
	struct control_client *client = call->client;
	struct rules_decision decision;
	const char *word;
	enum reply reply;
	uint32_t id;

	reply = request_check(call->daemon, &request, &decision, &word);
	if (reply != REPLY_OK) {
		control_answer(client, reply, word, "%s", decision.sentence);
		return;
	}
	id = call->daemon->modules.list[0].id;
	client->waits = CONTROL_UPDATE;
	call->fd = -1;
	request_begin(call->daemon, &request, &decision);
	/* One that has ended already has been answered. */
	if (client->waits)
		control_answer(client, REPLY_OK, "accepted", "uxmc%u", id);
}

static void serve_update(struct call *call)
{
	begin_update(call, -1);
}

static void serve_file(struct call *call)
{
	if (call->fd < 0)
		answer(call, REPLY_USAGE, "no-descriptor",
		       "the open file is missing");
	else
		begin_update(call, call->fd);
}

static enum reply cancel_module(struct uxmcd *daemon, uint32_t id,
				const char **word)
{
	switch (netlink_cancel(&daemon->netlink, id)) {
	case 0:
		*word = "cancelled";
		return REPLY_OK;
	case -EBUSY:
		*word = "too-late";
		return REPLY_TOO_LATE;
	case -ENODEV:
		*word = "no-module";
		return REPLY_NO_MODULE;
	case -ENOENT:
		*word = "no-update";
		return REPLY_FAILED;
	}
	*word = "failed";
	return REPLY_FAILED;
}

static void serve_cancel(struct call *call)
{
	struct uxmcd *daemon = call->daemon;
	const struct module *module = modules_find_busy(&daemon->modules);
	const char *word;
	enum reply reply;

	if (module) {
		reply = cancel_module(daemon, module->id, &word);
		answer(call, reply, word, "%s",
		       reply == REPLY_OK ? "the update is cancelled" :
					   daemon->netlink.refusal);
	} else if (daemon->job.state == JOB_WAIT) {
		job_cancel(daemon);
		answer(call, REPLY_OK, "cancelled",
		       "the unfinished update is given up");
	} else {
		answer(call, REPLY_FAILED, "no-update",
		       "there is no update to cancel");
	}
}

static int find_setting(struct call *call, const char *name,
			enum setting_id *id)
{
	int ret = setting_find(name, id);

	if (ret)
		answer(call, REPLY_REFUSED, "no-setting",
		       "there is no setting of that name: there are %s",
		       setting_names());
	return ret;
}

static void serve_get(struct call *call)
{
	enum setting_id id;

	if (!find_setting(call, call->argument, &id))
		answer(call, REPLY_OK, "value", "%s",
		       settings_get(&call->daemon->settings, id));
}

static void serve_settings(struct call *call)
{
	const struct settings *settings = &call->daemon->settings;
	char permission[PERMISSION_SIZE];
	enum setting_id id;

	for (id = 0; id < SETTINGS_COUNT; id++) {
		permission_format(&settings->list[id].permission, permission,
				  sizeof(permission));
		answer(call, REPLY_OK, "entry", "%s\t%s\t%s\t%s",
		       setting_name(id), settings_get(settings, id),
		       setting_origin_name(settings_origin(settings, id)),
		       permission);
	}
	answer(call, REPLY_OK, "done", "%d", SETTINGS_COUNT);
}

static void answer_readonly(struct call *call, enum setting_id id)
{
	char permission[PERMISSION_SIZE];

	permission_format(&call->daemon->settings.list[id].permission,
			  permission, sizeof(permission));
	answer(call, REPLY_REFUSED, "read-only",
	       "%s is read-only: the provisioning server says so (perm=\"%s\")",
	       setting_name(id), permission);
}

static void answer_changed(struct call *call, enum setting_id id, int ret)
{
	switch (ret) {
	case 0:
		answer(call, REPLY_OK, "stored", "%s", "stored");
		return;
	case -EPERM:
		answer_readonly(call, id);
		return;
	case -EINVAL:
	case -ERANGE:
	case -E2BIG:
		answer(call, REPLY_REFUSED, "bad-value",
		       "that is not a value for %s: give %s", setting_name(id),
		       setting_wants(id));
		return;
	}
	answer(call, REPLY_FAILED, "not-stored", "it cannot be stored: %s",
	       strerror(-ret));
}

/* @value: NULL clears it */
static void change_setting(struct call *call, const char *name,
			   const char *value)
{
	enum setting_id id;
	int ret;

	if (find_setting(call, name, &id))
		return;
	ret = publish_setting(call->daemon, id, value);
	if (!ret)
		look_setting_changed(call->daemon, id);
	answer_changed(call, id, ret);
}

static void serve_set(struct call *call)
{
	const char *blank = strchr(call->argument, ' ');
	char name[64];

	if (!blank || (size_t)(blank - call->argument) >= sizeof(name)) {
		answer(call, REPLY_USAGE, "usage",
		       "set takes a name and a value");
		return;
	}
	text_format(name, sizeof(name), "%.*s", (int)(blank - call->argument),
		    call->argument);
	change_setting(call, name, blank + 1);
}

static void serve_clear(struct call *call)
{
	change_setting(call, call->argument, NULL);
}

/* The answer comes when the look has ended: see explain.c. */
static void serve_check(struct call *call)
{
	struct uxmcd *daemon = call->daemon;

	if (job_is_active(&daemon->job)) {
		answer(call, REPLY_BUSY, "busy",
		       "an update is under way: wait for it, or cancel it");
		return;
	}
	call->client->waits = CONTROL_LOOK;
	look_begin(daemon, LOOK_AT_ALL, "uxmcctl check");
}

static void serve_waiting(struct call *call)
{
	const struct module *module = offer_waiting(call->daemon);

	if (module)
		answer(call, REPLY_OK, "waiting", "uxmc%u\t%s", module->id,
		       call->daemon->offer.url);
	else
		answer(call, REPLY_OK, "none", "no update waits for a word");
}

static void confirm(struct call *call)
{
	struct control_client *client = call->client;
	struct offer_verdict verdict;
	const struct rules_decision *decision = &verdict.decision;
	const struct module *module;
	uint32_t id;

	module = offer_confirm(call->daemon, &verdict);
	if (!module) {
		answer(call, REPLY_REFUSED, rules_code_name(decision->code),
		       "%s", decision->sentence);
		return;
	}
	id = module->id;
	/* Not earlier: one that had to make way for this one has ended. */
	client->waits = CONTROL_UPDATE;
	offer_begin(call->daemon, module, decision);
	/* One that has ended already has been answered. */
	if (client->waits)
		answer(call, REPLY_OK, "accepted", "uxmc%u", id);
}

static void serve_confirm(struct call *call)
{
	if (offer_waiting(call->daemon))
		confirm(call);
	else
		answer(call, REPLY_FAILED, "no-update",
		       "no update waits to be confirmed");
}

static void serve_refuse(struct call *call)
{
	struct uxmcd *daemon = call->daemon;
	const struct offer *offer = &daemon->offer;

	if (!offer_waiting(daemon)) {
		answer(call, REPLY_FAILED, "no-update",
		       "no update waits to be refused");
		return;
	}
	offer_deny(daemon, offer->url, offer->port, offer->serial);
	answer(call, REPLY_OK, "refused", "the update is refused");
}

struct listing {
	struct call *call;
	unsigned int count;
};

static void answer_entry(void *context, const struct history_entry *entry)
{
	struct listing *listing = context;

	listing->count++;
	answer(listing->call, REPLY_OK, "entry",
	       "%" PRIu64 "\t%" PRIu64 "\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s",
	       entry->when, entry->seconds,
	       history_result_name(entry->result),
	       entry->provisioned ? "provisioned" : "manual",
	       text_or_dash(entry->port), text_or_dash(entry->serial),
	       text_or_dash(entry->model), text_or_dash(entry->from),
	       text_or_dash(entry->to), text_or_dash(entry->url),
	       text_or_dash(entry->message));
}

static void serve_log(struct call *call)
{
	struct listing listing = { .call = call };
	int ret = history_read(call->daemon->state.dir, answer_entry, &listing);

	if (ret)
		answer(call, REPLY_FAILED, "damaged",
		       "the log of updates cannot be read: %s; a damaged one is kept as history.damaged",
		       strerror(-ret));
	else
		answer(call, REPLY_OK, "done", "%u", listing.count);
}

static const struct verb {
	const char *name;
	void (*serve)(struct call *call);
} verbs[] = {
	{ "update", serve_update },
	{ "file", serve_file },
	{ "cancel", serve_cancel },
	{ "check", serve_check },
	{ "waiting", serve_waiting },
	{ "confirm", serve_confirm },
	{ "refuse", serve_refuse },
	{ "log", serve_log },
	{ "get", serve_get },
	{ "set", serve_set },
	{ "clear", serve_clear },
	{ "settings", serve_settings },
};

void verbs_serve(struct call *call, char *packet, size_t length)
{
	char *blank = strchr(packet, ' ');
	size_t i;

	if (strlen(packet) != length || !text_is_clean(packet)) {
		answer(call, REPLY_REFUSED, "url-bad",
		       "there are control characters in it");
		return;
	}
	if (blank)
		*blank++ = '\0';
	call->argument = blank ? blank : "";
	for (i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (strcmp(packet, verbs[i].name))
			continue;
		verbs[i].serve(call);
		return;
	}
	answer(call, REPLY_USAGE, "no-verb",
	       "this uxmcd does not know that request");
}

