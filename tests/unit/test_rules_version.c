// SPDX-License-Identifier: GPL-2.0-or-later
/* minimum_version and allow_downgrade, of manual and of provisioned updates. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "rules.h"
#include "text.h"
#include "unit.h"

#define GOOD_PHONE	"10.1.64.14"

struct version_case {
	const char *image;
	const char *runs;	/* NULL: in DFU mode */
	const char *minimum;
	bool no_downgrade;
	enum rules_code code;
	const char *sentence;
};

#define OLD(image, minimum) \
	RULES_VERSION_OLD, \
	"the image is version " image ", and uxmcd.conf says minimum_version = " \
	minimum ": give a newer image"
#define OLDER(image, runs) \
	RULES_DOWNGRADE, \
	"the module runs " runs ", the image is version " image \
	", and uxmcd.conf says allow_downgrade = no: give a newer image"
#define UNKNOWN \
	RULES_DOWNGRADE, \
	"the module does not tell which version it runs, and uxmcd.conf says allow_downgrade = no: change that to have it updated"
#define FINE	RULES_ALLOWED, ""

static const struct version_case cases[] = {
	/* as the vendor has it */
	{ "1.1.1", "1.6.1", NULL, false, FINE },
	{ "1.1.1", "1.6.1", "", false, FINE },
	{ "1.1.1", "", "", false, FINE },

	{ "1.6.1", "1.1.1", "1.6.1", false, FINE },
	{ "1.6.0", "1.1.1", "1.6", false, FINE },
	{ "1.10.0", "1.1.1", "1.9.9", false, FINE },
	{ "2", "1.1.1", "1.9.9", false, FINE },
	{ "1.6.0", "1.1.1", "1.6.1", false, OLD("1.6.0", "1.6.1") },
	{ "1.6.0.9", "1.1.1", "1.6.1", false, OLD("1.6.0.9", "1.6.1") },
	{ "1.6.0", NULL, "1.6.1", true, OLD("1.6.0", "1.6.1") },

	{ "1.6.1", "1.6.1", "", true, FINE },
	{ "1.6.1", "1.6.0", "", true, FINE },
	{ "1.10.0", "1.9.0", "", true, FINE },
	{ "1.6.0", "1.6.1", "", true, OLDER("1.6.0", "1.6.1") },
	{ "1.9.0", "1.10.0", "", true, OLDER("1.9.0", "1.10.0") },
	{ "1.6", "1.6.0.1", "", true, OLDER("1.6", "1.6.0.1") },

	/* one that is to be rescued, and one that does not say */
	{ "1.1.1", NULL, "", true, FINE },
	{ "1.6.1", "", "", true, UNKNOWN },
	{ "1.6.1", "1.6.1-beta", "", true, UNKNOWN },

	/* from bcdDevice: 0x0161 */
	{ "1.6.1", "1.61", "", true, FINE },
	{ "1.7.0", "1.61", "", true, FINE },
	{ "1.6.0", "1.61", "", true, OLDER("1.6.0", "1.61") },
	{ "1.0.4", "1.05", "", true, OLDER("1.0.4", "1.05") },
	{ "1.0.5", "1.05", "", true, FINE },
	/* and images that are named so */
	{ "1.62", "1.61", "", true, FINE },
	{ "1.60", "1.61", "", true, OLDER("1.60", "1.61") },
	{ "1.6.1", "1.6", "", true, FINE },
	{ "1.6.1", "1.161", "", true, OLDER("1.6.1", "1.161") },

	/* the first of the two */
	{ "1.1.1", "1.6.1", "1.5", true, OLD("1.1.1", "1.5") },
};

static void check(const struct version_case *now,
		  const struct rules_decision *decision)
{
	if (decision->code == now->code &&
	    !strcmp(decision->sentence, now->sentence) &&
	    decision->error == (now->code == RULES_ALLOWED ? 0 : EPERM))
		return;
	fail_msg("%s over %s, minimum %s: %s: %s", now->image,
		 now->runs ? now->runs : "DFU mode",
		 now->minimum ? now->minimum : "(none)",
		 rules_code_name(decision->code), decision->sentence);
}

static void test_manual(void **state)
{
	struct rules_decision decision;
	char url[128], file[64];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rules_facts facts = {
			.modules = 1,
			.model = "D7C",
			.mac = "",
			.phone_firmware = GOOD_PHONE,
			.runs = cases[i].runs,
			.minimum_version = cases[i].minimum,
			.no_downgrade = cases[i].no_downgrade,
		};

		snprintf(file, sizeof(file), "snomD7C-%s-r.bin", cases[i].image);
		snprintf(url, sizeof(url), "http://h/%s", file);
		facts.file = file;
		rules_manual(&facts, &decision);
		check(&cases[i], &decision);
		facts.url = url;
		rules_manual(&facts, &decision);
		check(&cases[i], &decision);
	}
}

/* The driver may know what it ran before it was in DFU mode. */
static const char *known_version(const struct version_case *now)
{
	if (now->runs)
		return now->runs;
	return "9.9.9";
}

static void test_provisioned(void **state)
{
	struct rules_decision decision;
	struct rules_steps steps;
	size_t chosen, i;
	char url[64];

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct rules_module module = {
			.name = "uxmc0",
			.model = "D7C",
			.firmware_uxm = "",
			.dfu = !cases[i].runs,
			.runs = known_version(&cases[i]),
		};
		struct rules_provisioned facts = {
			.modules = &module,
			.count = 1,
			.url = url,
			.mac = "",
			.phone_firmware = GOOD_PHONE,
			.minimum_version = cases[i].minimum,
			.no_downgrade = cases[i].no_downgrade,
		};

		snprintf(url, sizeof(url), "http://h/snomD7C-%s-r.bin",
			 cases[i].image);
		rules_provisioned(&facts, &decision, &chosen, &steps);
		check(&cases[i], &decision);
	}
}

static const struct rules_step *find_step(const struct rules_steps *steps,
					  const char *rule)
{
	size_t i;

	for (i = 0; i < steps->count; i++)
		if (!strcmp(steps->list[i].rule, rule))
			return &steps->list[i];
	fail_msg("no step %s", rule);
	return NULL;
}

/* What a person reads who wants to know why. */
static void test_steps(void **state)
{
	static const struct {
		const char *minimum;
		bool no_downgrade, dfu;
		const char *texts[2];
	} wanted[] = {
		{ "", false, false,
		  { "uxmc0: minimum_version is not set in uxmcd.conf",
		    "uxmc0: uxmcd.conf says allow_downgrade = yes" } },
		{ "1.5", true, false,
		  { "uxmc0: 1.6.1 is not older than minimum_version = 1.5",
		    "uxmc0: it runs 1.1.1, and 1.6.1 is not older" } },
		{ "1.5", true, true,
		  { "uxmc0: 1.6.1 is not older than minimum_version = 1.5",
		    "uxmc0: it is in DFU mode: it runs nothing that could be newer" } },
	};
	struct rules_decision decision;
	struct rules_steps steps;
	size_t chosen, i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		const struct rules_module module = {
			.name = "uxmc0", .model = "D7C", .firmware_uxm = "",
			.runs = "1.1.1", .dfu = wanted[i].dfu,
		};
		const struct rules_provisioned facts = {
			.modules = &module, .count = 1,
			.url = "http://h/snomD7C-1.6.1-r.bin", .mac = "",
			.phone_firmware = GOOD_PHONE,
			.minimum_version = wanted[i].minimum,
			.no_downgrade = wanted[i].no_downgrade,
		};

		rules_provisioned(&facts, &decision, &chosen, &steps);
		assert_string_equal(find_step(&steps, "minimum")->text,
				    wanted[i].texts[0]);
		assert_string_equal(find_step(&steps, "downgrade")->text,
				    wanted[i].texts[1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_manual), cmocka_unit_test(test_provisioned),
		cmocka_unit_test(test_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
