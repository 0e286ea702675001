// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/param.h>

#include "gate.h"
#include "log.h"
#include "random.h"
#include "sentence.h"
#include "text.h"

/* More than a phone can carry; those beyond are not looked at. */
#define MODULES_MAX	32
#define NAME_SIZE	64

static bool is_busy(const struct gate *gate)
{
	return modules_find_busy(&gate->driver->modules) ||
	       update_is_active(gate->update);
}

static struct attempts_target target_of(const struct module *module,
					const char *url)
{
	return (struct attempts_target){ url, module->port, module->serial };
}

/* A person asks for it: what there was before does not count. */
static void start_afresh(const struct gate *gate, const struct module *module,
			 const char *url)
{
	const struct attempts_target target = target_of(module, url);

	attempts_forget(&gate->store->attempts, &target);
}

static bool is_dfu(const struct module *module)
{
	return module->mode == UXMC_MODE_DFU;
}

/* @module: NULL if there is none */
static void apply_manual(const struct gate *gate, const struct module *module,
			 const struct update_request *request,
			 struct rules_decision *decision)
{
	const char *slash = strrchr(request->url, '/');
	struct rules_facts facts = {
		.modules = gate->driver->modules.count,
		.model = module ? module->model : "",
		.mac = gate->config->phone_mac,
		.phone_firmware = gate->config->phone_firmware,
		.https_only = !gate->config->allow_http,
		.minimum_version = gate->config->minimum_version,
		.no_downgrade = !gate->config->allow_downgrade,
	};

	if (module && !is_dfu(module))
		facts.runs = module->version;
	if (!request->is_file)
		facts.url = request->url;
	else
		facts.file = slash ? slash + 1 : request->url;
	rules_manual(&facts, decision);
}

/* One that waits for its module must not stand in the way of a new one. */
static void make_way(const struct gate *gate)
{
	update_make_way(gate->update, "another update was asked for");
}

static void refuse(const struct gate *gate, const struct module *module,
		   const char *word, const char *sentence, int error)
{
	int ret;

	log_warning("uxmc%u: refused (%s): %s", module->id, word, sentence);
	ret = netlink_report_failed(&gate->driver->netlink, module->id,
				    sentence, error);
	if (ret)
		log_debug("uxmc%u: the refusal came too late: %s", module->id,
			  strerror(-ret));
}

void gate_take_module(const struct gate *gate, const struct module *module)
{
	struct update_request request = { .url = module->url };
	struct rules_decision decision;

	if (update_is_active(gate->update)) {
		refuse(gate, module, "busy",
		       "another module is being updated: wait until that has ended",
		       EBUSY);
		return;
	}
	apply_manual(gate, module, &request, &decision);
	if (decision.code != RULES_ALLOWED) {
		refuse(gate, module, rules_code_name(decision.code),
		       decision.sentence, decision.error);
		return;
	}
	make_way(gate);
	start_afresh(gate, module, module->url);
	update_begin(gate->update, module, &decision, &request);
}

static enum reply say(struct rules_decision *decision, enum reply reply,
		      const char *sentence)
{
	text_format(decision->sentence, sizeof(decision->sentence), "%s",
		    sentence);
	return reply;
}

enum reply gate_check(const struct gate *gate,
		      const struct update_request *request,
		      struct rules_decision *decision, const char **word)
{
	const struct modules *modules = &gate->driver->modules;

	*word = "no-driver";
	if (!driver_is_loaded(gate->driver))
		return say(decision, REPLY_NO_DRIVER, SENTENCE_NO_DRIVER);
	*word = "busy";
	if (is_busy(gate))
		return say(decision, REPLY_BUSY, SENTENCE_BUSY);

	apply_manual(gate, modules->count ? &modules->list[0] : NULL, request,
		     decision);
	*word = rules_code_name(decision->code);
	if (decision->code == RULES_ALLOWED) {
		make_way(gate);
		return REPLY_OK;
	}
	log_warning("refused (%s): %s", *word, decision->sentence);
	return decision->code == RULES_NO_MODULE ? REPLY_NO_MODULE :
						   REPLY_REFUSED;
}

void gate_look(const struct gate *gate, struct rules_decision *decision,
	       struct rules_steps *steps)
{
	struct rules_facts facts = {
		.modules = gate->driver->modules.count,
		.phone_firmware = gate->config->phone_firmware,
	};

	rules_before(&facts, is_busy(gate), decision, steps);
}

void gate_begin(const struct gate *gate, const struct update_request *request,
		const struct rules_decision *decision)
{
	const struct module *module = &gate->driver->modules.list[0];

	start_afresh(gate, module, request->url);
	update_begin(gate->update, module, decision, request);
}

/* How long the server is to be left alone, whatever was asked for there */
static uint64_t server_pause(const struct gate *gate, const char *url)
{
	char expanded[URL_MAX + 1];

	return url_expand(url, gate->config->phone_mac, expanded,
			  sizeof(expanded)) ?
	       0 : pauses_left(gate->pauses, expanded, loop_now());
}

/* It may have had no serial number when it was flashed, and has stayed in DFU mode. */
static void recognise(const struct gate *gate, const struct module *module,
		      const char *url)
{
	const struct attempts_target target = target_of(module, url);

	if (is_dfu(module) && *module->serial)
		attempts_name(&gate->store->attempts, &target, module->serial);
}

static void describe(const struct gate *gate, const struct module *module,
		     const struct gate_offer *offer, struct rules_module *facts)
{
	const struct attempts_target target = target_of(module, offer->url);
	const struct attempts *attempts = &gate->store->attempts;
	uint64_t now = loop_now();

	*facts = (struct rules_module) {
		.model = module->model,
		.firmware_uxm = publish_value(gate->publish, module),
		.dfu = is_dfu(module),
		.runs = module->version,
		.retry_in = attempts_wait(attempts, &target, now),
		.day_wait = attempts_day_wait(attempts, &target, now),
		.worn = attempts_worn(attempts, &target, now),
		.confirmed = offer->confirmed &&
			     consent_asks(gate->consent, module, offer->url),
		.denied = attempts_is_denied(attempts, &target),
	};
}

static bool is_kept_by_user(const struct store *store)
{
	const struct setting *setting =
		&store->settings.list[SETTING_FIRMWARE_UXM];

	return setting->permission.keeps_user && setting->by_user;
}

/* When the first of those that must wait may be tried again */
static uint64_t least_wait(const struct rules_module *modules, size_t count)
{
	uint64_t wait, least = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		wait = MAX(modules[i].retry_in, modules[i].day_wait);
		if (wait && (!least || wait < least))
			least = wait;
	}
	return least;
}

/* Of several, who reads it knows by the port which one it is. */
static void name_module(const struct module *module, char *name)
{
	text_format(name, NAME_SIZE, "uxmc%u at %s", module->id, module->port);
}

/* @chosen: index of the module, if it matters */
static void apply_provisioned(const struct gate *gate,
			      const struct gate_offer *offer,
			      struct rules_verdict *verdict, size_t *chosen)
{
	static char names[MODULES_MAX][NAME_SIZE];
	struct rules_module modules[MODULES_MAX];
	struct rules_provisioned facts = {
		.modules = modules,
		.policy = settings_policy(&gate->store->settings),
		.kept_by_user = is_kept_by_user(gate->store),
		.busy = is_busy(gate),
		.chain = gate->config->chain,
		.url = offer->url,
		.rollout = offer->rollout,
		.mac = gate->config->phone_mac,
		.phone_firmware = gate->config->phone_firmware,
		.https_only = !gate->config->allow_http,
		.server_pause = server_pause(gate, offer->url),
		.minimum_version = gate->config->minimum_version,
		.no_downgrade = !gate->config->allow_downgrade,
	};
	const struct modules *all = &gate->driver->modules;
	const struct module *module = all->list;

	for (; facts.count < all->count && facts.count < MODULES_MAX;
	     facts.count++, module++) {
		recognise(gate, module, offer->url);
		describe(gate, module, offer, &modules[facts.count]);
		name_module(module, names[facts.count]);
		modules[facts.count].name = names[facts.count];
	}
	memset(verdict, 0, sizeof(*verdict));
	rules_provisioned(&facts, &verdict->decision, chosen, &verdict->steps);
	if (verdict->decision.code == RULES_TOO_SOON ||
	    verdict->decision.code == RULES_DAY)
		verdict->retry_in = MAX(least_wait(modules, facts.count),
					facts.server_pause);
	/* A server may have had all modules flashed in the same minutes. */
	if (verdict->decision.code == RULES_DAY)
		verdict->retry_in += random_bits() % (ATTEMPTS_DAY / 8);
}

const struct module *gate_check_provisioned(const struct gate *gate,
					    const struct gate_offer *offer,
					    struct rules_verdict *verdict)
{
	const struct modules *modules = &gate->driver->modules;
	size_t chosen = 0;

	apply_provisioned(gate, offer, verdict, &chosen);
	consent_stop_asking(gate->consent);
	if (verdict->decision.code == RULES_ASK)
		consent_ask(gate->consent, offer->url, &modules->list[chosen]);
	if (verdict->decision.code != RULES_ALLOWED)
		return NULL;
	update_make_way(gate->update, "another update is provisioned");
	return &modules->list[chosen];
}

const struct attempt *gate_find_worn(const struct gate *gate, const char *url)
{
	const struct modules *modules = &gate->driver->modules;
	const struct attempt *worn = NULL;
	struct attempts_target target;
	size_t i;

	for (i = 0; !worn && i < modules->count; i++) {
		target = target_of(&modules->list[i], url);
		worn = attempts_worn(&gate->store->attempts, &target, loop_now());
	}
	return worn;
}
