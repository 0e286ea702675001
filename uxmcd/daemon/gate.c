// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "gate.h"
#include "log.h"
#include "sentence.h"
#include "text.h"

/* More than a phone can carry; those beyond are not looked at. */
#define MODULES_MAX	32

static bool is_busy(const struct gate *gate)
{
	return modules_find_busy(&gate->driver->modules) ||
	       update_is_active(gate->update);
}

static void apply_manual(const struct gate *gate, const char *model,
			 const struct gate_request *request,
			 struct rules_decision *decision)
{
	const char *slash = strrchr(request->url, '/');
	struct rules_facts facts = {
		.modules = gate->driver->modules.count,
		.model = model,
		.mac = gate->config->phone_mac,
		.phone_firmware = gate->config->phone_firmware,
	};

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
	struct gate_request request = { .url = module->url };
	struct rules_decision decision;

	if (update_is_active(gate->update)) {
		refuse(gate, module, "busy",
		       "another module is being updated: wait until that has ended",
		       EBUSY);
		return;
	}
	apply_manual(gate, module->model, &request, &decision);
	if (decision.code != RULES_ALLOWED) {
		refuse(gate, module, rules_code_name(decision.code),
		       decision.sentence, decision.error);
		return;
	}
	make_way(gate);
	update_begin(gate->update, module, &decision, module->url);
}

static enum reply say(struct rules_decision *decision, enum reply reply,
		      const char *sentence)
{
	text_format(decision->sentence, sizeof(decision->sentence), "%s",
		    sentence);
	return reply;
}

enum reply gate_check(const struct gate *gate,
		      const struct gate_request *request,
		      struct rules_decision *decision, const char **word)
{
	const struct modules *modules = &gate->driver->modules;

	*word = "no-driver";
	if (!driver_is_loaded(gate->driver))
		return say(decision, REPLY_NO_DRIVER, SENTENCE_NO_DRIVER);
	*word = "busy";
	if (is_busy(gate))
		return say(decision, REPLY_BUSY, SENTENCE_BUSY);

	apply_manual(gate, modules->count ? modules->list[0].model : "",
		     request, decision);
	*word = rules_code_name(decision->code);
	if (decision->code == RULES_ALLOWED) {
		make_way(gate);
		return REPLY_OK;
	}
	log_warning("refused (%s): %s", *word, decision->sentence);
	return decision->code == RULES_NO_MODULE ? REPLY_NO_MODULE :
						   REPLY_REFUSED;
}

void gate_begin(const struct gate *gate, const struct gate_request *request,
		const struct rules_decision *decision)
{
	const struct module *module = &gate->driver->modules.list[0];

	if (request->is_file)
		update_begin_file(gate->update, module, decision, request->url,
				  request->size);
	else
		update_begin(gate->update, module, decision, request->url);
}

static void describe(const struct gate *gate, const struct module *module,
		     const char *url, bool confirmed,
		     struct rules_module *facts)
{
	const struct consent *consent = gate->consent;

	*facts = (struct rules_module) {
		.model = module->model,
		.firmware_uxm = publish_value(gate->publish, module),
		.dfu = module->mode == UXMC_MODE_DFU,
		.retry_in = attempts_wait(&gate->store->attempts, url,
					  module->port, module->serial,
					  loop_now()),
		.confirmed = confirmed && consent_asks(consent, module, url),
		.denied = consent_is_denied(consent, url, module->port,
					    module->serial),
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
	uint64_t least = 0;
	size_t i;

	for (i = 0; i < count; i++)
		if (modules[i].retry_in &&
		    (!least || modules[i].retry_in < least))
			least = modules[i].retry_in;
	return least;
}

/* @chosen: index of the module, if it matters */
static void apply_provisioned(const struct gate *gate, const char *url,
			      bool confirmed, struct rules_verdict *verdict,
			      size_t *chosen)
{
	static char names[MODULES_MAX][16];
	struct rules_module modules[MODULES_MAX];
	struct rules_provisioned facts = {
		.modules = modules,
		.policy = settings_policy(&gate->store->settings),
		.kept_by_user = is_kept_by_user(gate->store),
		.busy = is_busy(gate),
		.chain = gate->config->chain,
		.url = url,
		.mac = gate->config->phone_mac,
		.phone_firmware = gate->config->phone_firmware,
	};
	const struct modules *all = &gate->driver->modules;

	for (; facts.count < all->count && facts.count < MODULES_MAX;
	     facts.count++) {
		describe(gate, &all->list[facts.count], url, confirmed,
			 &modules[facts.count]);
		text_format(names[facts.count], sizeof(names[0]), "uxmc%u",
			    all->list[facts.count].id);
		modules[facts.count].name = names[facts.count];
	}
	memset(verdict, 0, sizeof(*verdict));
	rules_provisioned(&facts, &verdict->decision, chosen, &verdict->steps);
	if (verdict->decision.code == RULES_TOO_SOON)
		verdict->retry_in = least_wait(modules, facts.count);
}

const struct module *gate_check_provisioned(const struct gate *gate,
					    const char *url, bool confirmed,
					    struct rules_verdict *verdict)
{
	const struct modules *modules = &gate->driver->modules;
	size_t chosen = 0;

	apply_provisioned(gate, url, confirmed, verdict, &chosen);
	consent_stop_asking(gate->consent);
	if (verdict->decision.code == RULES_ASK)
		consent_ask(gate->consent, url, &modules->list[chosen]);
	if (verdict->decision.code != RULES_ALLOWED)
		return NULL;
	update_make_way(gate->update, "another update is provisioned");
	return &modules->list[chosen];
}
