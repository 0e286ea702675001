// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "rules.h"
#include "text.h"
#include "unit.h"

#define MAC		"000413922D24"
#define GOOD_PHONE	"10.1.64.14"
#define MODULES_MAX	3

/* One of each kind: what a combination is made of. */

enum url_kind {
	URL_NONE, URL_GOOD, URL_QUERY, URL_SCHEME, URL_HOST, URL_DIRECTORY,
	URL_NAME, URL_MODEL, URL_MAC, URL_KINDS
};

static const char * const urls[] = {
	[URL_NONE]	= "",
	[URL_GOOD]	= "http://h/snomD7C-1.6.1-r.bin",
	[URL_QUERY]	= "https://h/p/snomD7C-1.6.1-r.bin?mac=1&x",
	[URL_SCHEME]	= "ftp://h/snomD7C-1.6.1-r.bin",
	[URL_HOST]	= "http:///snomD7C-1.6.1-r.bin",
	[URL_DIRECTORY]	= "http://h/",
	[URL_NAME]	= "http://h/snomD785-10.1.64.14-SIP-r.bin",
	[URL_MODEL]	= "http://h/snomD8C-1.6.1-r.bin",
	[URL_MAC]	= "http://h/{mac}/snomD7C-1.6.1-r.bin",
};

enum uxm_kind {
	UXM_EMPTY,
	UXM_MATCH,
	UXM_ONE_BYTE,	/* differs by that */
	UXM_EXPANDED,	/* the URL with {mac} expanded */
	UXM_KINDS
};

enum phone_kind { PHONE_UNKNOWN, PHONE_BAD, PHONE_OLD, PHONE_GOOD, PHONE_KINDS };

static const char * const phones[] = {
	[PHONE_UNKNOWN]	= "",
	[PHONE_BAD]	= "ten",
	[PHONE_OLD]	= "10.1.64.13",
	[PHONE_GOOD]	= GOOD_PHONE,
};

enum failed_kind { FAILED_NOT, FAILED_LATELY, FAILED_WORN, FAILED_DAY, FAILED_KINDS };

/* This phone is among those that the image is for, or is not; by its place. */
enum rollout_kind { ROLLOUT_NONE, ROLLOUT_AMONG, ROLLOUT_OTHERS, ROLLOUT_KINDS };

enum version_kind {
	VERSION_GOOD, VERSION_OLD, VERSION_DOWNGRADE, VERSION_KINDS
};

enum consent { CONSENT_NONE, CONSENT_YES, CONSENT_NO, CONSENT_BOTH, CONSENTS };

/* What the second and third module are like. */
enum others {
	OTHERS_SAME, OTHERS_FRESH, OTHERS_MATCH, OTHERS_MODEL, OTHERS_FAILED,
	OTHERS_REFUSED, OTHERS_CONFIRMED, OTHERS_KINDS
};

enum dimension {
	MODULES, POLICY, URL, MAC_KNOWN, UXM, KEPT, BUSY, VERSION, PHONE, FAILED,
	CONSENT, CHAIN, OTHERS, ROLLOUT, DIMENSIONS
};

static const unsigned int sizes[DIMENSIONS] = {
	[MODULES] = MODULES_MAX + 1, [POLICY] = POLICY_NEVER + 1,
	[URL] = URL_KINDS, [MAC_KNOWN] = 2, [UXM] = UXM_KINDS, [KEPT] = 2,
	[BUSY] = 2, [VERSION] = VERSION_KINDS, [PHONE] = PHONE_KINDS,
	[FAILED] = FAILED_KINDS, [CONSENT] = CONSENTS,
	[CHAIN] = 2, [OTHERS] = OTHERS_KINDS, [ROLLOUT] = ROLLOUT_KINDS,
};

static const char * const dimension_names[DIMENSIONS] = {
	"modules", "policy", "url", "mac known", "uxm", "kept", "busy",
	"version", "phone", "failed", "consent", "chain", "others",
	"rollout",
};

struct module_kind {
	enum uxm_kind uxm;
	bool is_d8c;
	enum failed_kind failed;
	enum consent consent;
};

struct combination {
	unsigned int is[DIMENSIONS];
	struct module_kind modules[MODULES_MAX];
};

static struct module_kind other_module(const struct combination *now)
{
	struct module_kind kind = { UXM_EMPTY, false, FAILED_NOT, CONSENT_NONE };

	switch ((enum others)now->is[OTHERS]) {
	case OTHERS_SAME:
		return now->modules[0];
	case OTHERS_MATCH:
		kind.uxm = UXM_MATCH;
		break;
	case OTHERS_MODEL:
		kind.is_d8c = true;
		break;
	case OTHERS_FAILED:
		kind.failed = FAILED_LATELY;
		break;
	case OTHERS_REFUSED:
		kind.consent = CONSENT_NO;
		break;
	case OTHERS_CONFIRMED:
		kind.consent = CONSENT_YES;
		break;
	default:
		break;
	}
	return kind;
}

static void make_modules(struct combination *now)
{
	size_t i;

	now->modules[0] = (struct module_kind) {
		.uxm = now->is[UXM],
		.failed = now->is[FAILED],
		.consent = now->is[CONSENT],
	};
	for (i = 1; i < MODULES_MAX; i++)
		now->modules[i] = other_module(now);
}

/* Count on, as an odometer does; false after the last. */
static bool next(struct combination *now)
{
	size_t i;

	for (i = 0; i < DIMENSIONS; i++) {
		if (++now->is[i] < sizes[i])
			return true;
		now->is[i] = 0;
	}
	return false;
}

/*
 * The oracle: the rules as a list of what stands in the way of an update; the
 * first that does is the reason that is given.
 */
struct obstacle {
	bool is_there;
	enum rules_code code;
};

static enum rules_code first(const struct obstacle *list, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (list[i].is_there)
			return list[i].code;
	return RULES_ALLOWED;
}

static enum rules_code judge_all(const struct combination *now)
{
	const unsigned int *is = now->is;
	const struct obstacle list[] = {
		{ is[POLICY] == POLICY_NEVER, RULES_POLICY },
		{ is[POLICY] == POLICY_SETTINGS_ONLY, RULES_POLICY },
		{ is[URL] == URL_NONE, RULES_NOTHING },
		{ is[ROLLOUT] == ROLLOUT_OTHERS, RULES_ROLLOUT },
		{ is[ROLLOUT] == ROLLOUT_AMONG && !is[MAC_KNOWN], RULES_ROLLOUT },
		{ is[KEPT], RULES_KEPT },
		{ is[MODULES] == 0, RULES_NO_MODULE },
		{ is[MODULES] > 1 && !is[CHAIN], RULES_MANY_MODULES },
		{ is[BUSY], RULES_BUSY },
		{ is[URL] == URL_SCHEME, RULES_URL_SCHEME },
		{ is[URL] == URL_HOST, RULES_URL_BAD },
		{ is[URL] == URL_MAC && !is[MAC_KNOWN], RULES_URL_MAC },
	};

	return first(list, ARRAY_SIZE(list));
}

/* As provisioned: with {mac} in it, the expanded URL is another. */
static bool is_match(const struct combination *now,
		     const struct module_kind *module)
{
	return module->uxm == UXM_MATCH ||
	       (module->uxm == UXM_EXPANDED && now->is[URL] != URL_MAC);
}

static bool is_for_module(const struct combination *now,
			  const struct module_kind *module)
{
	return (now->is[URL] == URL_MODEL) == module->is_d8c;
}

static enum rules_code judge_module(const struct combination *now,
				    const struct module_kind *module)
{
	const unsigned int *is = now->is;
	bool ask = is[POLICY] == POLICY_ASK;
	bool denied = module->consent == CONSENT_NO ||
		      module->consent == CONSENT_BOTH;
	const struct obstacle list[] = {
		{ is_match(now, module), RULES_MATCH },
		{ is[URL] == URL_DIRECTORY, RULES_NAME_BAD },
		{ is[URL] == URL_NAME, RULES_NAME_FORM },
		{ !is_for_module(now, module), RULES_NAME_MODEL },
		{ is[VERSION] == VERSION_OLD, RULES_VERSION_OLD },
		{ is[VERSION] == VERSION_DOWNGRADE, RULES_DOWNGRADE },
		{ is[PHONE] == PHONE_UNKNOWN, RULES_PHONE_UNKNOWN },
		{ is[PHONE] == PHONE_BAD, RULES_PHONE_BAD },
		{ is[PHONE] == PHONE_OLD, RULES_PHONE_OLD },
		{ module->failed == FAILED_LATELY, RULES_TOO_SOON },
		{ module->failed == FAILED_WORN, RULES_WORN },
		{ module->failed == FAILED_DAY, RULES_DAY },
		{ denied, RULES_DENIED },
		{ ask && module->consent == CONSENT_NONE, RULES_ASK },
	};

	return first(list, ARRAY_SIZE(list));
}

/* Of several modules, the one whose decision comes first here. */
static const enum rules_code precedence[] = {
	RULES_ALLOWED, RULES_ASK, RULES_TOO_SOON, RULES_DAY, RULES_WORN, RULES_DENIED,
	RULES_PHONE_UNKNOWN, RULES_PHONE_BAD, RULES_PHONE_OLD,
	RULES_VERSION_OLD, RULES_DOWNGRADE, RULES_NAME_BAD, RULES_NAME_FORM,
	RULES_NAME_MODEL, RULES_MATCH,
};

static enum rules_code expect(const struct combination *now, size_t *chosen)
{
	enum rules_code code = judge_all(now);
	size_t i;

	*chosen = 0;
	if (code != RULES_ALLOWED)
		return code;
	for (i = 0; i < ARRAY_SIZE(precedence); i++)
		for (*chosen = 0; *chosen < now->is[MODULES]; (*chosen)++)
			if (judge_module(now, &now->modules[*chosen]) ==
			    precedence[i])
				return precedence[i];
	fail_msg("no decision");
	return RULES_COUNT;
}

static bool is_denied(unsigned int consent)
{
	return consent == CONSENT_NO || consent == CONSENT_BOTH;
}

/*
 * The same once more in one sentence, for the one module of the default: when an
 * update starts. No order, no reasons.
 */
static bool starts(const struct combination *now)
{
	const unsigned int *is = now->is;
	bool good_url = is[URL] == URL_GOOD || is[URL] == URL_QUERY ||
			(is[URL] == URL_MAC && is[MAC_KNOWN]);

	return is[MODULES] == 1 && !is_match(now, &now->modules[0]) &&
	       ((is[POLICY] == POLICY_AUTO && !is_denied(is[CONSENT])) ||
		(is[POLICY] == POLICY_ASK && is[CONSENT] == CONSENT_YES)) &&
	       good_url && is[PHONE] == PHONE_GOOD && !is[KEPT] &&
	       is[VERSION] == VERSION_GOOD && is[ROLLOUT] != ROLLOUT_OTHERS &&
	       (is[ROLLOUT] == ROLLOUT_NONE || is[MAC_KNOWN]) &&
	       !is[BUSY] && !is[FAILED];
}

/* From a combination to facts. */

static void write_uxm(char *to, size_t size, enum uxm_kind kind,
		      const char *url)
{
	size_t length = strlen(url);

	*to = '\0';
	if (kind == UXM_EMPTY)
		return;
	if (kind == UXM_EXPANDED) {
		url_expand(url, MAC, to, size);
		return;
	}
	text_copy(to, size, url);
	if (kind == UXM_ONE_BYTE)
		text_copy(to + (length ? length - 1 : 0), 2, "N");
}

/* The place of a phone whose MAC address is not known does not matter. */
static struct rollout make_rollout(enum rollout_kind kind, const char *url)
{
	return (struct rollout){
		.limited = kind != ROLLOUT_NONE,
		.percent = kind == ROLLOUT_NONE ? 0 : rollout_place(MAC, url) +
						      (kind == ROLLOUT_AMONG),
	};
}

static void decide(const struct combination *now,
		   struct rules_decision *decision, size_t *chosen,
		   struct rules_steps *steps)
{
	static const char * const names[] = { "uxmc0", "uxmc1", "uxmc2" };
	static char uxm[MODULES_MAX][100];
	struct rules_module modules[MODULES_MAX];
	const char *url = urls[now->is[URL]];
	struct rules_provisioned facts = {
		.modules = modules,
		.count = now->is[MODULES],
		.policy = now->is[POLICY],
		.kept_by_user = now->is[KEPT],
		.busy = now->is[BUSY],
		.chain = now->is[CHAIN],
		.url = url,
		.rollout = make_rollout(now->is[ROLLOUT], url),
		.mac = now->is[MAC_KNOWN] ? MAC : "",
		.phone_firmware = phones[now->is[PHONE]],
		.minimum_version = now->is[VERSION] == VERSION_OLD ? "1.6.2" :
								     "1.6.1",
		.no_downgrade = now->is[VERSION] == VERSION_DOWNGRADE,
	};
	size_t i;

	for (i = 0; i < facts.count; i++) {
		const struct module_kind *kind = &now->modules[i];

		write_uxm(uxm[i], sizeof(uxm[i]), kind->uxm, url);
		modules[i] = (struct rules_module) {
			.name = names[i],
			.model = kind->is_d8c ? "D8C" : "D7C",
			.firmware_uxm = uxm[i],
			.runs = "1.6.2",
			.retry_in = kind->failed == FAILED_LATELY ? 720000 : 0,
			.worn = kind->failed == FAILED_WORN,
			.day_wait = kind->failed == FAILED_DAY ? 720000 : 0,
			.confirmed = kind->consent == CONSENT_YES ||
				     kind->consent == CONSENT_BOTH,
			.denied = kind->consent == CONSENT_NO ||
				  kind->consent == CONSENT_BOTH,
		};
	}
	rules_provisioned(&facts, decision, chosen, steps);
}

static void fail_combination(const struct combination *now, const char *what,
			     const struct rules_decision *decision)
{
	size_t i;

	for (i = 0; i < DIMENSIONS; i++)
		print_error("%s %u\n", dimension_names[i], now->is[i]);
	fail_msg("%s: %s: %s", what, rules_code_name(decision->code),
		 decision->sentence);
}

static bool is_sound(const struct rules_decision *decision)
{
	bool allowed = decision->code == RULES_ALLOWED;
	bool refused = !allowed && decision->code != RULES_ASK;

	return !*decision->sentence == allowed && !!decision->error == refused;
}

static const char * const rule_names[] = {
	"policy", "provisioned", "rollout", "kept", "modules", "busy", "url", "mac",
	"match", "name", "minimum", "downgrade", "phone", "retry", "worn", "day", "denied", "ask",
};

#define COMMON_RULES	8

/* The module that a step is about begins its text. */
static bool is_about(const struct rules_step *step, size_t module)
{
	char prefix[] = "uxmc0: ";

	prefix[4] = (char)('0' + module);
	return !strncmp(step->text, prefix, strlen(prefix)) &&
	       step->text[strlen(prefix)];
}

/* All that was looked at, in order, up to the one that decided. */
static bool steps_fit(const struct rules_steps *steps,
		      const struct rules_decision *decision)
{
	const struct rules_step *step = steps->list;
	const struct rules_step *last = step + steps->count - 1;
	bool allowed = decision->code == RULES_ALLOWED;
	size_t rule = 0, module = 0;

	if (!steps->count ||
	    last->passed != allowed ||
	    !strstr(last->text, decision->sentence))
		return false;
	for (; step < last || (step == last && strcmp(step->rule, "chain"));
	     step++) {
		if (rule == ARRAY_SIZE(rule_names) ||
		    strcmp(step->rule, rule_names[rule]) || !*step->text)
			return false;
		if (rule++ >= COMMON_RULES && !is_about(step, module))
			return false;
		/* it is the next module's turn */
		if (!step->passed && rule > COMMON_RULES) {
			rule = COMMON_RULES;
			module++;
		} else if (!step->passed && step != last) {
			return false;
		}
	}
	return true;
}

static void check(const struct combination *now)
{
	struct rules_decision decision;
	struct rules_steps steps;
	size_t chosen, wanted;
	enum rules_code code = expect(now, &wanted);
	bool allowed = code == RULES_ALLOWED;

	decide(now, &decision, &chosen, &steps);
	if (decision.code != code)
		fail_combination(now, rules_code_name(code), &decision);
	if ((allowed || code == RULES_ASK) && chosen != wanted)
		fail_combination(now, "another module", &decision);
	if (!now->is[CHAIN] && starts(now) != allowed)
		fail_combination(now, "starts", &decision);
	if (!is_sound(&decision))
		fail_combination(now, "error or sentence", &decision);
	if (!steps_fit(&steps, &decision))
		fail_combination(now, "steps", &decision);
}

/* Of modules that are not there or do not matter, there is one kind. */
static bool is_about_others(const struct combination *now)
{
	return now->is[OTHERS] && (now->is[MODULES] < 2 || !now->is[CHAIN]);
}

static bool is_about_none(const struct combination *now)
{
	return !now->is[MODULES] &&
	       (now->is[UXM] || now->is[FAILED] || now->is[CONSENT]);
}

/*
 * What is left out, since these rules come before all that is about one module, and
 * the rest shows that: where the policy forbids, and by the phone's place.
 */
static bool is_decided_before(const struct combination *now)
{
	if (now->is[ROLLOUT] && (now->is[OTHERS] || now->is[CONSENT]))
		return true;
	return (now->is[POLICY] == POLICY_NEVER ||
		now->is[POLICY] == POLICY_SETTINGS_ONLY) &&
	       (now->is[OTHERS] || now->is[CONSENT]);
}

static bool is_left_out(const struct combination *now)
{
	return is_about_others(now) || is_about_none(now) ||
	       is_decided_before(now);
}

static void test_every_combination(void **state)
{
	unsigned long seen[RULES_COUNT] = { 0 }, checked = 0;
	struct combination now = { 0 };
	size_t i, unused;

	(void)state;
	do {
		if (is_left_out(&now))
			continue;
		make_modules(&now);
		check(&now);
		seen[expect(&now, &unused)]++;
		checked++;
	} while (next(&now));
	printf("  combinations: %lu checked\n", checked);
	for (i = 0; i < RULES_COUNT; i++)
		if (seen[i])
			printf("    %s: %lu\n", rules_code_name(i), seen[i]);
	for (i = RULES_POLICY; i < RULES_COUNT; i++)
		assert_true(seen[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_combination),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
