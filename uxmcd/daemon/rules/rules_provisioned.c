// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rules.h"
#include "rules_check.h"
#include "text.h"

/* The rules are gone through with this; a rule that passes leaves a text. */
struct examination {
	const struct rules_provisioned *facts;
	const struct rules_module *module;	/* NULL: not about one of them */
	struct rules_decision decision;
	struct rules_steps *steps;
	char text[RULES_SENTENCE_MAX + 1];
};

static bool pass(struct examination *exam, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool pass(struct examination *exam, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(exam->text, sizeof(exam->text), format, args);
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

static bool check_policy(struct examination *exam)
{
	enum update_policy policy = exam->facts->policy;

	if (policy == POLICY_AUTO || policy == POLICY_ASK)
		return pass(exam, "update_policy is %s", policy_names[policy]);
	return rules_refuse(&exam->decision, RULES_POLICY, EPERM,
			    "update_policy is %s: set it to auto_update or ask_for_update to have the module updated",
			    policy_names[policy]);
}

/* The URL is not shown before it is known to be one. */
static bool check_provisioned(struct examination *exam)
{
	if (*exam->facts->url)
		return pass(exam, "a URL is provisioned as firmware_uxm");
	return rules_refuse(&exam->decision, RULES_NOTHING, ENOENT,
			    "no firmware_uxm is provisioned: name the image's URL in the firmware_status file or in the settings of setting_server");
}

/* Nobody can tell where a phone has its place that has no MAC address. */
static bool check_known_mac(struct examination *exam)
{
	if (*exam->facts->mac)
		return true;
	return rules_refuse(&exam->decision, RULES_ROLLOUT, EINVAL,
			    "firmware_uxm has rollout=\"%u\", and which phones these are goes by their MAC addresses: set phone_mac in uxmcd.conf",
			    exam->facts->rollout.percent);
}

static bool check_rollout(struct examination *exam)
{
	const struct rules_provisioned *facts = exam->facts;
	const struct rollout *rollout = &facts->rollout;
	unsigned int place;

	if (!rollout->limited || rollout->percent == ROLLOUT_ALL)
		return pass(exam, "firmware_uxm is for all phones");
	if (!check_known_mac(exam))
		return false;
	place = rollout_place(facts->mac, facts->url);
	if (place < rollout->percent)
		return pass(exam,
			    "firmware_uxm has rollout=\"%u\", and this phone is among them: it is from \"%u\" on",
			    rollout->percent, place + 1);
	return rules_refuse(&exam->decision, RULES_ROLLOUT, EPERM,
			    "firmware_uxm has rollout=\"%u\", and this phone is not among them: it is from \"%u\" on",
			    rollout->percent, place + 1);
}

static bool check_kept(struct examination *exam)
{
	if (!exam->facts->kept_by_user)
		return pass(exam, "firmware_uxm is not kept as the user has set it");
	return rules_refuse(&exam->decision, RULES_KEPT, EPERM,
			    "the user has set firmware_uxm, and its permission \"!\" keeps that: clear firmware_uxm to have the module updated");
}

static bool check_modules(struct examination *exam)
{
	const struct rules_provisioned *facts = exam->facts;

	if (facts->chain && facts->count > 1)
		return pass(exam, "%zu expansion modules are connected, and chain = sequential",
			    facts->count);
	return rules_check_count(facts->count, &exam->decision) &&
	       pass(exam, "exactly one expansion module is connected");
}

static bool check_busy(struct examination *exam)
{
	if (!exam->facts->busy)
		return pass(exam, "no update is under way");
	return rules_refuse(&exam->decision, RULES_BUSY, EBUSY,
			    "an update is under way: wait until it has ended, then use uxmcctl check");
}

static bool check_url(struct examination *exam)
{
	return rules_check_url(exam->facts->url, exam->facts->https_only,
			       &exam->decision) &&
	       pass(exam, "%s", exam->facts->url);
}

static bool check_mac(struct examination *exam)
{
	const struct rules_provisioned *facts = exam->facts;

	if (!rules_check_mac(facts->url, facts->mac, &exam->decision))
		return false;
	if (!strcmp(facts->url, exam->decision.url))
		return pass(exam, "there is no {mac} in the URL");
	return pass(exam, "{mac} stands for %s", facts->mac);
}

/* The rules that are about one module. */

static bool check_match(struct examination *exam)
{
	const char *present = exam->module->firmware_uxm;

	if (exam->module->dfu)
		return pass(exam, "it is in DFU mode: it runs no firmware that could match");
	if (strcmp(present, exam->facts->url))
		return pass(exam, "firmware_uxm is %s",
			    *present ? "another URL" : "empty");
	return rules_refuse(&exam->decision, RULES_MATCH, EALREADY,
			    "firmware_uxm is the provisioned URL already: clear firmware_uxm to update again");
}

static bool check_name(struct examination *exam)
{
	const char *model = exam->module->model;
	struct rules_decision *decision = &exam->decision;

	return rules_check_url_name(model, decision) &&
	       rules_check_name(model, decision) &&
	       pass(exam, "%s is version %s for a %s", decision->name,
		    decision->image.version, model);
}

static bool check_minimum(struct examination *exam)
{
	const char *minimum = exam->facts->minimum_version;

	if (!minimum || !*minimum)
		return pass(exam, "minimum_version is not set in uxmcd.conf");
	return rules_check_minimum(minimum, &exam->decision) &&
	       pass(exam, "%s is not older than minimum_version = %s",
		    exam->decision.image.version, minimum);
}

static bool check_downgrade(struct examination *exam)
{
	const struct rules_module *module = exam->module;

	if (!exam->facts->no_downgrade)
		return pass(exam, "uxmcd.conf says allow_downgrade = yes");
	if (module->dfu)
		return pass(exam, "it is in DFU mode: it runs nothing that could be newer");
	return rules_check_downgrade(module->runs, &exam->decision) &&
	       pass(exam, "it runs %s, and %s is not older", module->runs,
		    exam->decision.image.version);
}

static bool check_phone(struct examination *exam)
{
	const char *firmware = exam->facts->phone_firmware;

	return rules_check_phone(firmware, &exam->decision) &&
	       pass(exam, "the phone's firmware is %s", firmware);
}

/* A time in seconds, or in minutes if it is long. */
static unsigned long long amount(uint64_t wait)
{
	unsigned long long seconds = wait / 1000 + !!(wait % 1000);

	return seconds < 120 ? seconds : (seconds + 59) / 60;
}

static const char *unit(uint64_t wait)
{
	return wait <= 119000 ? "s" : "minutes";
}

static bool check_server(struct examination *exam)
{
	uint64_t wait = exam->facts->server_pause;

	if (!wait)
		return true;
	return rules_refuse(&exam->decision, RULES_TOO_SOON, EAGAIN,
			    "the server of this URL asked to be left alone (Retry-After), for another %llu %s: wait for that, or give another URL",
			    amount(wait), unit(wait));
}

static bool check_retry(struct examination *exam)
{
	uint64_t wait = exam->module->retry_in;

	if (!check_server(exam))
		return false;
	if (!wait)
		return pass(exam, "no failure of this URL has to be waited out");
	return rules_refuse(&exam->decision, RULES_TOO_SOON, EAGAIN,
			    "the update from this URL failed, and is tried again in %llu %s: use uxmcctl update to try at once",
			    amount(wait), unit(wait));
}

static bool check_worn(struct examination *exam)
{
	if (!exam->module->worn)
		return pass(exam, "it has not been flashed from this URL too often");
	return rules_refuse(&exam->decision, RULES_WORN, EDQUOT,
			    "it has been flashed from this URL three times, and none has lasted: it is left alone until the URL or the image there changes; use uxmcctl update to try all the same");
}

static bool check_day(struct examination *exam)
{
	uint64_t wait = exam->module->day_wait;

	if (!wait)
		return pass(exam, "it has not been flashed too often today");
	return rules_refuse(&exam->decision, RULES_DAY, EDQUOT,
			    "it has been flashed too often within a day: it is left alone for %llu minutes; use uxmcctl update to update all the same",
			    (unsigned long long)(wait + 59999) / 60000);
}

static bool check_denied(struct examination *exam)
{
	if (!exam->module->denied)
		return pass(exam, "nobody has refused or cancelled it");
	return rules_refuse(&exam->decision, RULES_DENIED, EPERM,
			    "a person has refused or cancelled this update: use uxmcctl update to update all the same");
}

static bool check_ask(struct examination *exam)
{
	if (exam->facts->policy != POLICY_ASK)
		return pass(exam, "update_policy is %s: nobody is asked",
			    policy_names[exam->facts->policy]);
	if (exam->module->confirmed)
		return pass(exam, "a person has confirmed it");
	return rules_refuse(&exam->decision, RULES_ASK, 0,
			    "update_policy is ask_for_update: use uxmcctl confirm to start the update, uxmcctl refuse to turn it down");
}

static const struct rule {
	const char *name;
	bool (*check)(struct examination *exam);
} common_rules[] = {
	{ "policy", check_policy },
	{ "provisioned", check_provisioned },
	{ "rollout", check_rollout },
	{ "kept", check_kept },
	{ "modules", check_modules },
	{ "busy", check_busy },
	{ "url", check_url },
	{ "mac", check_mac },
}, module_rules[] = {
	{ "match", check_match },
	{ "name", check_name },
	{ "minimum", check_minimum },
	{ "downgrade", check_downgrade },
	{ "phone", check_phone },
	{ "retry", check_retry },
	{ "worn", check_worn },
	{ "day", check_day },
	{ "denied", check_denied },
	{ "ask", check_ask },
};

/* The last one is kept even if there is no more room. */
static void add_step(struct examination *exam, const char *rule, bool passed)
{
	struct rules_steps *steps = exam->steps;
	const char *text = passed ? exam->text : exam->decision.sentence;
	struct rules_step *step;

	if (!steps)
		return;
	if (steps->count < RULES_STEPS_MAX)
		steps->count++;
	step = &steps->list[steps->count - 1];
	step->rule = rule;
	step->passed = passed;
	text_format(step->text, sizeof(step->text), "%s%s%s",
		    exam->module ? exam->module->name : "",
		    exam->module ? ": " : "", text);
}

static bool pass_all(struct examination *exam, const struct rule *rules, size_t count)
{
	const struct rule *rule;
	bool passed;

	for (rule = rules; rule < rules + count; rule++) {
		passed = rule->check(exam);
		add_step(exam, rule->name, passed);
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
		return 9;
	case RULES_ASK:
		return 8;
	case RULES_TOO_SOON:
		return 7;
	case RULES_DAY:
		return 6;
	case RULES_WORN:
		return 5;
	case RULES_DENIED:
		return 4;
	case RULES_PHONE_UNKNOWN:
	case RULES_PHONE_BAD:
	case RULES_PHONE_OLD:
		return 3;
	case RULES_VERSION_OLD:
	case RULES_DOWNGRADE:
		return 2;
	case RULES_MATCH:
		return 0;
	default:
		return 1;
	}
}

static void conclude_chain(struct examination *exam, const char *name)
{
	char sentence[RULES_SENTENCE_MAX + 1];

	strcpy(sentence, exam->decision.sentence);
	text_format(exam->decision.sentence, sizeof(exam->decision.sentence),
		    "%s: %s", name, sentence);
	exam->module = NULL;
	add_step(exam, "chain", false);
}

/* Leaves the decision that counts; gives the index of its module. */
static size_t choose_module(struct examination *exam)
{
	const struct rules_provisioned *facts = exam->facts;
	const struct rules_decision common = exam->decision;
	struct rules_decision best = common;
	size_t chosen = 0, i;

	for (i = 0; i < facts->count; i++) {
		exam->module = &facts->modules[i];
		exam->decision = common;
		pass_all(exam, module_rules, ARRAY_SIZE(module_rules));
		if (!i || weight(exam->decision.code) > weight(best.code)) {
			best = exam->decision;
			chosen = i;
		}
		if (best.code == RULES_ALLOWED)
			break;
	}
	exam->decision = best;
	return chosen;
}

void rules_provisioned(const struct rules_provisioned *facts,
		       struct rules_decision *decision, size_t *chosen,
		       struct rules_steps *steps)
{
	struct examination exam = { .facts = facts, .steps = steps };

	if (steps)
		steps->count = 0;
	*chosen = 0;
	if (pass_all(&exam, common_rules, ARRAY_SIZE(common_rules))) {
		*chosen = choose_module(&exam);
		if (facts->count > 1 && exam.decision.code != RULES_ALLOWED)
			conclude_chain(&exam, facts->modules[*chosen].name);
	}
	*decision = exam.decision;
}
