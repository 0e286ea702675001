// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rules_check.h"
#include "text.h"

/* The rules are gone through with this; a rule that passes leaves a text. */
struct look {
	const struct rules_provisioned *facts;
	const struct rules_module *module;	/* NULL: not about one of them */
	struct rules_decision decision;
	struct rules_steps *steps;
	char text[RULES_SENTENCE_MAX + 1];
};

static bool pass(struct look *look, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool pass(struct look *look, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(look->text, sizeof(look->text), format, args);
	va_end(args);
	return true;
}

/* The rules that are about all of them. */

static const char * const policy_names[] = {
	[POLICY_AUTO]		= "auto_update",
	[POLICY_ASK]		= "ask_for_update",
	[POLICY_SETTINGS_ONLY]	= "settings_only",
	[POLICY_NEVER]		= "never_update",
};

static bool check_policy(struct look *look)
{
	enum update_policy policy = look->facts->policy;

	if (policy == POLICY_AUTO || policy == POLICY_ASK)
		return pass(look, "update_policy is %s", policy_names[policy]);
	return rules_refuse(&look->decision, RULES_POLICY, EPERM,
			    "update_policy is %s: set it to auto_update or ask_for_update to have the module updated",
			    policy_names[policy]);
}

/* The URL is not shown before it is known to be one. */
static bool check_provisioned(struct look *look)
{
	if (*look->facts->url)
		return pass(look, "a URL is provisioned as firmware_uxm");
	return rules_refuse(&look->decision, RULES_NOTHING, ENOENT,
			    "no firmware_uxm is provisioned: name the image's URL in the firmware_status file or in the settings of setting_server");
}

static bool check_kept(struct look *look)
{
	if (!look->facts->kept_by_user)
		return pass(look, "firmware_uxm is not kept as the user has set it");
	return rules_refuse(&look->decision, RULES_KEPT, EPERM,
			    "the user has set firmware_uxm, and its permission \"!\" keeps that: clear firmware_uxm to have the module updated");
}

static bool check_modules(struct look *look)
{
	const struct rules_provisioned *facts = look->facts;

	if (facts->chain && facts->count > 1)
		return pass(look, "%zu expansion modules are connected, and chain = sequential",
			    facts->count);
	return rules_check_count(facts->count, &look->decision) &&
	       pass(look, "exactly one expansion module is connected");
}

static bool check_busy(struct look *look)
{
	if (!look->facts->busy)
		return pass(look, "no update is under way");
	return rules_refuse(&look->decision, RULES_BUSY, EBUSY,
			    "an update is under way: wait until it has ended, then use uxmcctl check");
}

static bool check_url(struct look *look)
{
	return rules_check_url(look->facts->url, &look->decision) &&
	       pass(look, "%s", look->facts->url);
}

static bool check_mac(struct look *look)
{
	const struct rules_provisioned *facts = look->facts;

	if (!rules_check_mac(facts->url, facts->mac, &look->decision))
		return false;
	if (!strcmp(facts->url, look->decision.url))
		return pass(look, "there is no {mac} in the URL");
	return pass(look, "{mac} stands for %s", facts->mac);
}

/* The rules that are about one module. */

static bool check_match(struct look *look)
{
	const char *present = look->module->firmware_uxm;

	if (look->module->dfu)
		return pass(look, "it is in DFU mode: it runs no firmware that could match");
	if (strcmp(present, look->facts->url))
		return pass(look, "firmware_uxm is %s",
			    *present ? "another URL" : "empty");
	return rules_refuse(&look->decision, RULES_MATCH, EALREADY,
			    "firmware_uxm is the provisioned URL already: clear firmware_uxm to update again");
}

static bool check_name(struct look *look)
{
	const char *model = look->module->model;
	struct rules_decision *decision = &look->decision;

	return rules_check_url_name(model, decision) &&
	       rules_check_name(model, decision) &&
	       pass(look, "%s is version %s for a %s", decision->name,
		    decision->image.version, model);
}

static bool check_phone(struct look *look)
{
	const char *firmware = look->facts->phone_firmware;

	return rules_check_phone(firmware, &look->decision) &&
	       pass(look, "the phone's firmware is %s", firmware);
}

static bool check_retry(struct look *look)
{
	uint64_t wait = look->module->retry_in;
	unsigned long long seconds = wait / 1000 + !!(wait % 1000);

	if (!wait)
		return pass(look, "no failure of this URL has to be waited out");
	return rules_refuse(&look->decision, RULES_TOO_SOON, EAGAIN,
			    "the update from this URL failed, and is tried again in %llu %s: use uxmcctl update to try at once",
			    seconds < 120 ? seconds : (seconds + 59) / 60,
			    seconds < 120 ? "s" : "minutes");
}

static bool check_denied(struct look *look)
{
	if (!look->module->denied)
		return pass(look, "nobody has refused or cancelled it");
	return rules_refuse(&look->decision, RULES_DENIED, EPERM,
			    "a person has refused or cancelled this update: use uxmcctl update to update all the same");
}

static bool check_ask(struct look *look)
{
	if (look->facts->policy != POLICY_ASK)
		return pass(look, "update_policy is %s: nobody is asked",
			    policy_names[look->facts->policy]);
	if (look->module->confirmed)
		return pass(look, "a person has confirmed it");
	return rules_refuse(&look->decision, RULES_ASK, 0,
			    "update_policy is ask_for_update: use uxmcctl confirm to start the update, uxmcctl refuse to turn it down");
}

static const struct rule {
	const char *name;
	bool (*check)(struct look *look);
} common_rules[] = {
	{ "policy", check_policy },
	{ "provisioned", check_provisioned },
	{ "kept", check_kept },
	{ "modules", check_modules },
	{ "busy", check_busy },
	{ "url", check_url },
	{ "mac", check_mac },
}, module_rules[] = {
	{ "match", check_match },
	{ "name", check_name },
	{ "phone", check_phone },
	{ "retry", check_retry },
	{ "denied", check_denied },
	{ "ask", check_ask },
};

/* The last one is kept even if there is no more room. */
static void add_step(struct look *look, const char *rule, bool passed)
{
	struct rules_steps *steps = look->steps;
	const char *text = passed ? look->text : look->decision.sentence;
	struct rules_step *step;

	if (!steps)
		return;
	if (steps->count < RULES_STEPS_MAX)
		steps->count++;
	step = &steps->list[steps->count - 1];
	step->rule = rule;
	step->passed = passed;
	text_format(step->text, sizeof(step->text), "%s%s%s",
		    look->module ? look->module->name : "",
		    look->module ? ": " : "", text);
}

static bool pass_all(struct look *look, const struct rule *rules, size_t count)
{
	const struct rule *rule;
	bool passed;

	for (rule = rules; rule < rules + count; rule++) {
		passed = rule->check(look);
		add_step(look, rule->name, passed);
		if (!passed)
			return false;
	}
	return true;
}

/* How much a decision about one module counts among those about the others. */
static int weight(enum rules_code code)
{
	switch (code) {
	case RULES_ALLOWED:
		return 6;
	case RULES_ASK:
		return 5;
	case RULES_TOO_SOON:
		return 4;
	case RULES_DENIED:
		return 3;
	case RULES_PHONE_UNKNOWN:
	case RULES_PHONE_BAD:
	case RULES_PHONE_OLD:
		return 2;
	case RULES_MATCH:
		return 0;
	default:
		return 1;
	}
}

static void conclude_chain(struct look *look, const char *name)
{
	char sentence[RULES_SENTENCE_MAX + 1];

	strcpy(sentence, look->decision.sentence);
	text_format(look->decision.sentence, sizeof(look->decision.sentence),
		    "%s: %s", name, sentence);
	look->module = NULL;
	add_step(look, "chain", false);
}

/* Leaves the decision that counts; gives the index of its module. */
static size_t choose_module(struct look *look)
{
	const struct rules_provisioned *facts = look->facts;
	const struct rules_decision common = look->decision;
	struct rules_decision best = common;
	size_t chosen = 0, i;

	for (i = 0; i < facts->count; i++) {
		look->module = &facts->modules[i];
		look->decision = common;
		pass_all(look, module_rules, ARRAY_SIZE(module_rules));
		if (!i || weight(look->decision.code) > weight(best.code)) {
			best = look->decision;
			chosen = i;
		}
		if (best.code == RULES_ALLOWED)
			break;
	}
	look->decision = best;
	return chosen;
}

void rules_provisioned(const struct rules_provisioned *facts,
		       struct rules_decision *decision, size_t *chosen,
		       struct rules_steps *steps)
{
	struct look look = { .facts = facts, .steps = steps };

	if (steps)
		steps->count = 0;
	*chosen = 0;
	if (pass_all(&look, common_rules, ARRAY_SIZE(common_rules))) {
		*chosen = choose_module(&look);
		if (facts->count > 1 && look.decision.code != RULES_ALLOWED)
			conclude_chain(&look, facts->modules[*chosen].name);
	}
	*decision = look.decision;
}
