// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "log.h"
#include "offer.h"
#include "publish.h"
#include "request.h"
#include "text.h"
#include "timer.h"
#include "uxmcd.h"

/* More than a phone can carry; those beyond are not looked at. */
#define MODULES_MAX	32

/* Of two that hold one, firmware_status' has the last word. */
const char *offer_url(const struct uxmcd *daemon)
{
	const struct source *sources[] = {
		&daemon->look.firmware_status, &daemon->look.setting_server,
	};
	const struct provision_entry *entry;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sources); i++) {
		entry = &sources[i]->provision.list[SETTING_FIRMWARE_UXM];
		if (sources[i]->known && entry->there)
			return entry->value;
	}
	return "";
}

static bool waits_for(const struct offer *offer, const struct module *module,
		      const char *url)
{
	return offer->waits && !strcmp(offer->url, url) &&
	       module_is_at(module, offer->port, offer->serial);
}

static void describe(const struct uxmcd *daemon, const struct module *module,
		     const char *url, bool confirmed,
		     struct rules_module *facts)
{
	const struct offer *offer = &daemon->offer;

	*facts = (struct rules_module) {
		.model = module->model,
		.firmware_uxm = publish_value(daemon, module),
		.dfu = module->mode == UXMC_MODE_DFU,
		.retry_in = attempts_wait(&daemon->attempts, url, module->port,
					  module->serial, timer_now()),
		.confirmed = confirmed && waits_for(offer, module, url),
		.denied = denials_have(&offer->denials, url, module->port,
				       module->serial),
	};
}

static bool is_kept_by_user(const struct uxmcd *daemon)
{
	const struct setting *setting =
		&daemon->settings.list[SETTING_FIRMWARE_UXM];

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

static void apply_rules(struct uxmcd *daemon, const char *url, bool confirmed,
			struct offer_verdict *verdict, size_t *chosen)
{
	static char names[MODULES_MAX][16];
	struct rules_module modules[MODULES_MAX];
	struct rules_provisioned facts = {
		.modules = modules,
		.policy = settings_policy(&daemon->settings),
		.kept_by_user = is_kept_by_user(daemon),
		.busy = request_is_busy(daemon),
		.chain = daemon->config.chain,
		.url = url,
		.mac = daemon->config.phone_mac,
		.phone_firmware = daemon->config.phone_firmware,
	};
	const struct module *module = daemon->modules.list;

	for (; facts.count < daemon->modules.count && facts.count < MODULES_MAX;
	     facts.count++, module++) {
		describe(daemon, module, url, confirmed,
			 &modules[facts.count]);
		text_format(names[facts.count], sizeof(names[0]), "uxmc%u",
			    module->id);
		modules[facts.count].name = names[facts.count];
	}
	rules_provisioned(&facts, &verdict->decision, chosen, &verdict->steps);
	if (verdict->decision.code == RULES_TOO_SOON)
		verdict->retry_in = least_wait(modules, facts.count);
}

static void ask(struct offer *offer, const char *url,
		const struct module *module)
{
	offer->waits = true;
	text_copy(offer->url, sizeof(offer->url), url);
	text_copy(offer->port, sizeof(offer->port), module->port);
	text_copy(offer->serial, sizeof(offer->serial), module->serial);
}

/*
 * Gives the module that is to be updated: NULL if none is. A job that waits for
 * its module must not stand in the way of a new one.
 */
static const struct module *decide(struct uxmcd *daemon, bool confirmed,
				   struct offer_verdict *verdict)
{
	const struct module *module;
	const char *url = offer_url(daemon);
	size_t chosen = 0;

	memset(verdict, 0, sizeof(*verdict));
	apply_rules(daemon, url, confirmed, verdict, &chosen);
	module = &daemon->modules.list[chosen];
	daemon->offer.waits = false;
	if (verdict->decision.code == RULES_ASK)
		ask(&daemon->offer, url, module);
	if (verdict->decision.code != RULES_ALLOWED)
		return NULL;
	if (daemon->job.state == JOB_WAIT)
		job_abandon(daemon, "another update is provisioned");
	return module;
}

void offer_begin(struct uxmcd *daemon, const struct module *module,
		 const struct rules_decision *decision)
{
	job_begin_provisioned(daemon, module, decision, offer_url(daemon));
}

void offer_decide(struct uxmcd *daemon, struct offer_verdict *verdict)
{
	const struct module *module = decide(daemon, false, verdict);

	if (module)
		offer_begin(daemon, module, &verdict->decision);
}

const struct module *offer_waiting(const struct uxmcd *daemon)
{
	const struct offer *offer = &daemon->offer;

	return !offer->waits ? NULL :
	       modules_find_at(&daemon->modules, offer->port, offer->serial);
}

const struct module *offer_confirm(struct uxmcd *daemon,
				   struct offer_verdict *verdict)
{
	return decide(daemon, true, verdict);
}

void offer_deny(struct uxmcd *daemon, const char *url, const char *port,
		const char *serial)
{
	daemon->offer.waits = false;
	denials_add(&daemon->offer.denials, url, port, serial);
}
