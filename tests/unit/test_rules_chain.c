// SPDX-License-Identifier: GPL-2.0-or-later
/* Two and three modules of every kind in every order: whose turn is it? */
#include <stdio.h>
#include <string.h>

#include "rules.h"
#include "text.h"
#include "unit.h"

#define URL		"http://h/snomD7C-1.6.1-r.bin"
#define MODULES_MAX	3

/* In the order in which they count, the first one most */
static const struct kind {
	const char *what;
	struct rules_module module;
	enum rules_code code;		/* with auto_update */
	enum rules_code asked;		/* with ask_for_update */
} kinds[] = {
	{ "confirmed", { .model = "D7C", .firmware_uxm = "", .confirmed = true },
	  RULES_ALLOWED, RULES_ALLOWED },
	{ "needs it", { .model = "D7C", .firmware_uxm = "" },
	  RULES_ALLOWED, RULES_ASK },
	{ "in DFU mode", { .model = "D7C", .firmware_uxm = URL, .dfu = true },
	  RULES_ALLOWED, RULES_ASK },
	{ "failed", { .model = "D7C", .firmware_uxm = "", .retry_in = 60000 },
	  RULES_TOO_SOON, RULES_TOO_SOON },
	{ "flashed today", { .model = "D7C", .firmware_uxm = "", .day_wait = 60000 },
	  RULES_DAY, RULES_DAY },
	{ "worn", { .model = "D7C", .firmware_uxm = "", .worn = true },
	  RULES_WORN, RULES_WORN },
	{ "refused", { .model = "D7C", .firmware_uxm = "", .denied = true },
	  RULES_DENIED, RULES_DENIED },
	{ "another model", { .model = "D8C", .firmware_uxm = "" },
	  RULES_NAME_MODEL, RULES_NAME_MODEL },
	{ "has it", { .model = "D7C", .firmware_uxm = URL },
	  RULES_MATCH, RULES_MATCH },
};

#define KINDS	ARRAY_SIZE(kinds)

static const char * const names[MODULES_MAX] = {
	"uxmc0 at 1-1", "uxmc1 at 1-1.2", "uxmc2 at 1-1.2.1",
};

struct chain {
	enum update_policy policy;
	size_t count;
	const struct kind *is[MODULES_MAX];
	struct rules_module modules[MODULES_MAX];
};

static enum rules_code code_of(const struct chain *chain, const struct kind *kind)
{
	return chain->policy == POLICY_ASK ? kind->asked : kind->code;
}

/* How much it counts: those that come to the same are alike. */
static size_t place_of(const struct chain *chain, const struct kind *kind)
{
	size_t place = 0;

	while (code_of(chain, &kinds[place]) != code_of(chain, kind))
		place++;
	return place;
}

static size_t expected(const struct chain *chain)
{
	size_t i, best = 0;

	for (i = 1; i < chain->count; i++)
		if (place_of(chain, chain->is[i]) < place_of(chain, chain->is[best]))
			best = i;
	return best;
}

static void fail_chain(const struct chain *chain, const char *why,
		       const struct rules_decision *decision)
{
	size_t i;

	for (i = 0; i < chain->count; i++)
		print_error("%s: %s\n", names[i], chain->is[i]->what);
	fail_msg("%s: %s: %s", why, rules_code_name(decision->code),
		 decision->sentence);
}

static bool begins_with(const char *text, const char *beginning)
{
	return !strncmp(text, beginning, strlen(beginning));
}

/* Each is told of, up to the one whose turn it is; and what decided names its module. */
static bool names_all(const struct chain *chain, size_t chosen,
		      const struct rules_decision *decision,
		      const struct rules_steps *steps)
{
	size_t last = decision->code == RULES_ALLOWED ? chosen : chain->count - 1;
	size_t i, step;

	for (i = 0; i <= last; i++) {
		for (step = 0; step < steps->count; step++)
			if (begins_with(steps->list[step].text, names[i]))
				break;
		if (step == steps->count)
			return false;
	}
	return decision->code == RULES_ALLOWED ||
	       begins_with(decision->sentence, names[chosen]);
}

static void check(const struct chain *chain)
{
	const struct rules_provisioned facts = {
		.modules = chain->modules,
		.count = chain->count,
		.policy = chain->policy,
		.chain = true,
		.url = URL,
		.mac = "",
		.phone_firmware = "10.1.64.14",
	};
	size_t chosen, wanted = expected(chain);
	struct rules_decision decision;
	struct rules_steps steps;

	rules_provisioned(&facts, &decision, &chosen, &steps);
	if (decision.code != code_of(chain, chain->is[wanted]))
		fail_chain(chain, "another decision", &decision);
	if (chosen != wanted)
		fail_chain(chain, "another module", &decision);
	if (!names_all(chain, chosen, &decision, &steps))
		fail_chain(chain, "a module is not named", &decision);
}

static void combine(struct chain *chain, unsigned int number)
{
	size_t i;

	for (i = 0; i < chain->count; i++) {
		chain->is[i] = &kinds[number % KINDS];
		chain->modules[i] = chain->is[i]->module;
		chain->modules[i].name = names[i];
		number /= KINDS;
	}
}

static void check_all(enum update_policy policy, size_t count, unsigned int chains)
{
	struct chain chain = { .policy = policy, .count = count };
	unsigned int number;

	for (number = 0; number < chains; number++) {
		combine(&chain, number);
		check(&chain);
	}
	printf("  chains: %u of %zu modules checked\n", chains, count);
}

static void test_two(void **state)
{
	(void)state;
	check_all(POLICY_AUTO, 2, KINDS * KINDS);
	check_all(POLICY_ASK, 2, KINDS * KINDS);
}

static void test_three(void **state)
{
	(void)state;
	check_all(POLICY_AUTO, 3, KINDS * KINDS * KINDS);
	check_all(POLICY_ASK, 3, KINDS * KINDS * KINDS);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two), cmocka_unit_test(test_three),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
