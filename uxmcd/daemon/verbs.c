// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "history.h"
#include "order.h"
#include "pin.h"
#include "sentence.h"
#include "text.h"
#include "verbs_look.h"
#include "verbs_web.h"

/* The update of that module; one that has ended already has been answered. */
static void answer_begun(const struct order *order, uint32_t id)
{
	if (order->client->waits)
		answer(order, REPLY_OK, "accepted", "uxmc%u", id);
}

static void begin_update(const struct order *order,
			 const struct update_request *request)
{
	const struct gate *gate = order->verbs->gate;
	struct rules_decision decision;
	const char *word;
	enum reply reply;
	uint32_t id;

	reply = gate_check(gate, request, &decision, &word);
	if (reply != REPLY_OK) {
		answer(order, reply, word, "%s", decision.sentence);
		return;
	}
	id = order->verbs->driver->modules.list[0].id;
	order->client->waits = CONTROL_UPDATE;
	control_expect(order->client, request->signature_size + request->size);
	gate_begin(gate, request, &decision);
	answer_begun(order, id);
}

/*
 * "NAME=VALUE " in front of the argument: takes it away. -ENOENT: it is not there;
 * -EINVAL: too long, or nothing follows.
 */
static int take_option(const char **argument, const char *name, char *value,
		       size_t size)
{
	size_t length = strlen(name);
	const char *start = *argument + length + 1;

	if (strncmp(*argument, name, length) || (*argument)[length] != '=')
		return -ENOENT;
	length = strcspn(start, " ");
	if (!start[length] || length >= size)
		return -EINVAL;
	memcpy(value, start, length);
	value[length] = '\0';
	*argument = start + length + 1;
	return 0;
}

/* False: it is malformed, which has been answered. */
static bool take_pin(const struct order *order, const char **argument, char *pin)
{
	char text[PIN_SIZE];
	int ret = take_option(argument, "sha256", text, sizeof(text));

	*pin = '\0';
	if (ret == -ENOENT || (!ret && !pin_parse(text, pin)))
		return true;
	answer(order, REPLY_REFUSED, "pin-bad", "%s", PIN_WANTS);
	return false;
}

/* How long a signature is that comes in front of the file; -EINVAL */
static int take_signature_size(const char **argument, uint64_t *size)
{
	char text[24];
	int ret = take_option(argument, "signature", text, sizeof(text));

	*size = 0;
	if (ret == -ENOENT)
		return 0;
	return !ret && !text_number(text, FETCHWIRE_SIGNATURE_MAX, size) &&
	       *size ? 0 : -EINVAL;
}

static void serve_update(const struct order *order)
{
	const char *argument = order->argument;
	struct update_request request = { 0 };
	char pin[PIN_SIZE];

	if (!take_pin(order, &argument, pin))
		return;
	request.url = argument;
	request.sha256 = pin;
	begin_update(order, &request);
}

/* "SIZE PATH": -EINVAL if it is none */
static int parse_file(const char *argument, struct update_request *request)
{
	size_t length = strcspn(argument, " ");
	char size[24] = "";

	if (!argument[length] || length >= sizeof(size))
		return -EINVAL;
	memcpy(size, argument, length);
	request->is_file = true;
	request->url = argument + length + 1;
	return text_number(size, INT64_MAX, &request->size);
}

static void serve_file(const struct order *order)
{
	const char *argument = order->argument;
	struct update_request request = { 0 };
	char pin[PIN_SIZE];

	if (!take_pin(order, &argument, pin))
		return;
	request.sha256 = pin;
	if (take_signature_size(&argument, &request.signature_size) ||
	    parse_file(argument, &request))
		answer(order, REPLY_USAGE, "usage",
		       "it takes the size of a file, a blank and its path");
	else
		begin_update(order, &request);
}

static enum reply cancel_module(struct netlink *netlink, uint32_t id,
				const char **word)
{
	switch (netlink_cancel(netlink, id)) {
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

static void serve_cancel(const struct order *order)
{
	struct driver *driver = order->verbs->driver;
	const struct module *module = modules_find_busy(&driver->modules);
	const char *word;
	enum reply reply;

	if (module) {
		reply = cancel_module(&driver->netlink, module->id, &word);
		answer(order, reply, word, "%s",
		       reply == REPLY_OK ? "the update is cancelled" :
					   driver->netlink.refusal);
	} else if (update_cancel(order->verbs->update)) {
		answer(order, REPLY_OK, "cancelled",
		       "the unfinished update is given up");
	} else {
		answer(order, REPLY_FAILED, "no-update",
		       "there is no update to cancel");
	}
}

static int find_setting(const struct order *order, const char *name,
			enum setting_id *id)
{
	int ret = setting_find(name, id);

	if (ret)
		answer(order, REPLY_REFUSED, "no-setting",
		       "there is no setting of that name: there are %s",
		       setting_names());
	return ret;
}

static void serve_get(const struct order *order)
{
	enum setting_id id;

	if (find_setting(order, order->argument, &id))
		return;
	if (setting_is_secret(id))
		answer(order, REPLY_REFUSED, "secret",
		       "%s is shown to nobody: set it anew, or clear it",
		       setting_name(id));
	else
		answer(order, REPLY_OK, "value", "%s",
		       settings_get(&order->verbs->store->settings, id));
}

/* Of a secret it is shown whether there is one. */
static const char *shown_value(const struct settings *settings, enum setting_id id)
{
	const char *value = settings_get(settings, id);

	return *value && setting_is_secret(id) ? "***" : value;
}

static void serve_settings(const struct order *order)
{
	const struct settings *settings = &order->verbs->store->settings;
	char permission[PERMISSION_SIZE];
	enum setting_id id;

	for (id = 0; id < SETTINGS_COUNT; id++) {
		permission_format(&settings->list[id].permission, permission,
				  sizeof(permission));
		answer(order, REPLY_OK, "entry", "%s\t%s\t%s\t%s",
		       setting_name(id), shown_value(settings, id),
		       setting_origin_name(settings_origin(settings, id)),
		       permission);
	}
	answer(order, REPLY_OK, "done", "%d", SETTINGS_COUNT);
}

static void answer_readonly(const struct order *order, enum setting_id id)
{
	char permission[PERMISSION_SIZE];

	permission_format(&order->verbs->store->settings.list[id].permission,
			  permission, sizeof(permission));
	answer(order, REPLY_REFUSED, "read-only",
	       "%s is read-only: the provisioning server says so (perm=\"%s\")",
	       setting_name(id), permission);
}

static void answer_changed(const struct order *order, enum setting_id id, int ret)
{
	switch (ret) {
	case 0:
		answer(order, REPLY_OK, "stored", "%s", "stored");
		return;
	case -EPERM:
		answer_readonly(order, id);
		return;
	case -EINVAL:
	case -ERANGE:
	case -E2BIG:
		answer(order, REPLY_REFUSED, "bad-value",
		       "that is not a value for %s: give %s", setting_name(id),
		       setting_wants(id));
		return;
	}
	answer(order, REPLY_FAILED, "not-stored", "it cannot be stored: %s",
	       strerror(-ret));
}

/* @value: NULL clears it */
static void change_setting(const struct order *order, const char *name,
			   const char *value)
{
	enum setting_id id;
	int ret;

	if (find_setting(order, name, &id))
		return;
	ret = publish_setting(order->verbs->publish, id, value);
	if (!ret)
		lookup_setting_changed(order->verbs->lookup, id);
	answer_changed(order, id, ret);
}

static void serve_set(const struct order *order)
{
	const char *blank = strchr(order->argument, ' ');
	char name[64];

	if (!blank || (size_t)(blank - order->argument) >= sizeof(name)) {
		answer(order, REPLY_USAGE, "usage",
		       "set takes a name and a value");
		return;
	}
	text_format(name, sizeof(name), "%.*s", (int)(blank - order->argument),
		    order->argument);
	change_setting(order, name, blank + 1);
}

static void serve_clear(const struct order *order)
{
	change_setting(order, order->argument, NULL);
}

/* The answer comes when the lookup has ended: see explain.c. */
static void serve_check(const struct order *order)
{
	if (update_is_active(order->verbs->update)) {
		answer(order, REPLY_BUSY, "busy", SENTENCE_BUSY);
		return;
	}
	order->client->waits = CONTROL_LOOKUP;
	lookup_begin(order->verbs->lookup, LOOKUP_ALL, "uxmcctl check");
}

static const struct module *module_in_question(const struct order *order)
{
	return consent_module(order->verbs->consent,
			      &order->verbs->driver->modules);
}

static void serve_waiting(const struct order *order)
{
	const struct module *module = module_in_question(order);

	if (module)
		answer(order, REPLY_OK, "waiting", "uxmc%u\t%s", module->id,
		       order->verbs->consent->url);
	else
		answer(order, REPLY_OK, "none", "no update waits for a word");
}

static void confirm(const struct order *order)
{
	const struct lookup *lookup = order->verbs->lookup;
	const struct update_request request = {
		.url = lookup_url(lookup),
		.sha256 = lookup_pin(lookup),
		.provisioned = true,
	};
	const struct gate_offer offer = {
		.url = request.url,
		.rollout = lookup_rollout(lookup),
		.confirmed = true,
	};
	struct rules_verdict verdict;
	const struct rules_decision *decision = &verdict.decision;
	const struct module *module;
	uint32_t id;

	module = gate_check_provisioned(order->verbs->gate, &offer, &verdict);
	if (!module) {
		answer(order, REPLY_REFUSED, rules_code_name(decision->code),
		       "%s", decision->sentence);
		return;
	}
	id = module->id;
	/* Not earlier: one that had to make way for this one has ended. */
	order->client->waits = CONTROL_UPDATE;
	update_begin(order->verbs->update, module, decision, &request);
	answer_begun(order, id);
}

static void serve_confirm(const struct order *order)
{
	if (module_in_question(order))
		confirm(order);
	else
		answer(order, REPLY_FAILED, "no-update",
		       "no update waits to be confirmed");
}

static void serve_refuse(const struct order *order)
{
	struct consent *consent = order->verbs->consent;
	struct attempts_target target;

	if (!module_in_question(order)) {
		answer(order, REPLY_FAILED, "no-update",
		       "no update waits to be refused");
		return;
	}
	target = (struct attempts_target){
		consent->url, consent->port, consent->serial,
	};
	attempts_deny(&order->verbs->store->attempts, &target);
	consent_stop_asking(consent);
	saver_save(order->verbs->saver);
	answer(order, REPLY_OK, "refused", "the update is refused");
}

struct listing {
	const struct order *order;
	unsigned int count;
};

static void answer_entry(void *context, const struct history_entry *entry)
{
	struct listing *listing = context;

	listing->count++;
	answer(listing->order, REPLY_OK, "entry",
	       "%" PRIu64 "\t%" PRIu64 "\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s",
	       entry->when, entry->seconds,
	       history_result_name(entry->result),
	       entry->provisioned ? "provisioned" : "manual",
	       text_or_dash(entry->port), text_or_dash(entry->serial),
	       text_or_dash(entry->model), text_or_dash(entry->from),
	       text_or_dash(entry->to), text_or_dash(entry->url),
	       text_or_dash(entry->message), text_or_dash(entry->trust));
}

static void serve_log(const struct order *order)
{
	struct listing listing = { .order = order };
	int ret = history_read(order->verbs->store->dir, answer_entry, &listing);

	if (ret)
		answer(order, REPLY_FAILED, "damaged",
		       "the log of updates cannot be read: %s; a damaged one is kept as history.damaged",
		       strerror(-ret));
	else
		answer(order, REPLY_OK, "done", "%u", listing.count);
}

static const struct verb {
	const char *name;
	void (*serve)(const struct order *order);
} verb_table[] = {
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
	{ "last", verbs_last },
	{ "may", verbs_may },
	{ "counts", verbs_counts },
	{ "visitor", verbs_visitor },
	{ "password", verbs_password },
	{ "digest", verbs_digest },
	{ "login", verbs_login },
	{ "logout", verbs_logout },
};

static const struct verb *find_verb(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(verb_table); i++)
		if (!strcmp(name, verb_table[i].name))
			return &verb_table[i];
	return NULL;
}

void verbs_serve(const struct verbs *verbs, struct control_client *client,
		 char *text, size_t length)
{
	struct order order = { .verbs = verbs, .client = client };
	char *blank = strchr(text, ' ');
	const struct verb *verb;

	if (strlen(text) != length || !text_is_clean(text)) {
		answer(&order, REPLY_REFUSED, "url-bad",
		       "there are control characters in it");
		return;
	}
	if (blank)
		*blank++ = '\0';
	order.argument = blank ? blank : "";
	verb = find_verb(text);
	if (verb)
		verb->serve(&order);
	else
		answer(&order, REPLY_USAGE, "no-verb",
		       "this uxmcd does not know that request");
}
