// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "rules.h"
#include "text.h"
#include "unit.h"

#define MAC		"000413922D24"
#define GOOD_PHONE	"10.1.64.14"
#define MODULES_MAX	2

#define D7C_URL		"http://h/snomD7C-1.6.1-r.bin"
#define PLACE		18	/* of MAC for D7C_URL */

/* With firmware_uxm, and what is not as usual. */
#define D7C(...)	{ .name = "uxmc0", .model = "D7C", \
			  .firmware_uxm = __VA_ARGS__ }
#define D8C(...)	{ .name = "uxmc1", .model = "D8C", \
			  .firmware_uxm = __VA_ARGS__ }

/* A decision, and what a person is told, word by word. */
struct important {
	struct rules_module modules[MODULES_MAX];
	size_t count;
	struct rules_provisioned facts;	/* what is not as usual */
	enum rules_code code;
	int error;
	const char *sentence;
};

#define DENIED \
	"a person has refused or cancelled this update: " \
	"use uxmcctl update to update all the same"

static const struct important important[] = {
	{ { D7C("") }, 1, { 0 }, RULES_ALLOWED, 0, "" },
	{ { D7C("") }, 1, { .policy = POLICY_NEVER }, RULES_POLICY, EPERM,
	  "update_policy is never_update: set it to auto_update or ask_for_update to have the module updated",
	},
	{ { D7C("") }, 1, { .policy = POLICY_SETTINGS_ONLY }, RULES_POLICY,
	  EPERM,
	  "update_policy is settings_only: set it to auto_update or ask_for_update to have the module updated",
	},
	{ { D7C("") }, 1, { .policy = POLICY_ASK }, RULES_ASK, 0,
	  "update_policy is ask_for_update: use uxmcctl confirm to start the update, uxmcctl refuse to turn it down",
	},
	{ { D7C("", .confirmed = true) }, 1, { .policy = POLICY_ASK },
	  RULES_ALLOWED, 0, "" },
	{ { D7C("", .denied = true) }, 1, { .policy = POLICY_ASK }, RULES_DENIED,
	  EPERM,
	  DENIED },
	{ { D7C("", .denied = true) }, 1, { 0 }, RULES_DENIED, EPERM,
	  DENIED },
	{ { D7C(D7C_URL, .dfu = true) }, 1, { 0 }, RULES_ALLOWED, 0, "" },
	{ { D7C("") }, 1, { .url = "" }, RULES_NOTHING, ENOENT,
	  "no firmware_uxm is provisioned: name the image's URL in the firmware_status file or in the settings of setting_server",
	},
	{ { D7C(D7C_URL) }, 1, { 0 }, RULES_MATCH, EALREADY,
	  "firmware_uxm is the provisioned URL already: clear firmware_uxm to update again" },
	{ { D7C(D7C_URL "?") }, 1, { 0 }, RULES_ALLOWED, 0, "" },
	{ { D7C("HTTP://h/snomD7C-1.6.1-r.bin") }, 1, { 0 }, RULES_ALLOWED,
	  0, "" },
	{ { D7C("") }, 1, { .kept_by_user = true }, RULES_KEPT, EPERM,
	  "the user has set firmware_uxm, and its permission \"!\" keeps that: clear firmware_uxm to have the module updated",
	},
	{ { D7C("") }, 1, { .busy = true }, RULES_BUSY, EBUSY,
	  "an update is under way: wait until it has ended, then use uxmcctl check" },
	{ { D7C("", .retry_in = 1) }, 1, { 0 }, RULES_TOO_SOON, EAGAIN,
	  "the update from this URL failed, and is tried again in 1 s: use uxmcctl update to try at once",
	},
	{ { D7C("", .retry_in = 119000) }, 1, { 0 }, RULES_TOO_SOON, EAGAIN,
	  "the update from this URL failed, and is tried again in 119 s: use uxmcctl update to try at once",
	},
	{ { D7C("", .retry_in = 120001) }, 1, { 0 }, RULES_TOO_SOON, EAGAIN,
	  "the update from this URL failed, and is tried again in 3 minutes: use uxmcctl update to try at once",
	},
	{ { D7C("", .retry_in = UINT64_MAX) }, 1, { 0 }, RULES_TOO_SOON, EAGAIN,
	  "the update from this URL failed, and is tried again in 307445734561826 minutes: use uxmcctl update to try at once",
	},

	/* whatever has failed or not, a server that wants it is left alone */
	{ { D7C("", .retry_in = 1) }, 1, { .server_pause = 3599500 },
	  RULES_TOO_SOON, EAGAIN,
	  "the server of this URL asked to be left alone (Retry-After), for another 60 minutes: wait for that, or give another URL",
	},
	{ { D7C(D7C_URL) }, 1, { .server_pause = 1 }, RULES_MATCH, EALREADY,
	  "firmware_uxm is the provisioned URL already: clear firmware_uxm to update again",
	},

	/* a rollout: the place of this phone is PLACE, from 0 */
	{ { D7C("") }, 1, { .rollout = { true, PLACE } }, RULES_ROLLOUT, EPERM,
	  "firmware_uxm has rollout=\"18\", and this phone is not among them: it is from \"19\" on",
	},
	{ { D7C("") }, 1, { .rollout = { true, PLACE + 1 } }, RULES_ALLOWED, 0, "" },
	{ { D7C("") }, 1, { .rollout = { true, 0 } }, RULES_ROLLOUT, EPERM,
	  "firmware_uxm has rollout=\"0\", and this phone is not among them: it is from \"19\" on",
	},
	{ { D7C("") }, 1, { .rollout = { true, 100 } }, RULES_ALLOWED, 0, "" },
	{ { D7C("") }, 1, { .rollout = { true, 99 }, .mac = "" }, RULES_ROLLOUT, EINVAL,
	  "firmware_uxm has rollout=\"99\", and which phones these are goes by their MAC addresses: set phone_mac in uxmcd.conf",
	},
	{ { D7C("") }, 1, { .rollout = { true, 100 }, .mac = "" }, RULES_ALLOWED, 0, "" },
	{ { D7C(D7C_URL) }, 1, { .rollout = { true, 0 } }, RULES_ROLLOUT, EPERM,
	  "firmware_uxm has rollout=\"0\", and this phone is not among them: it is from \"19\" on",
	},

	/* as with manual updates */
	{ { D7C("") }, 1, { .https_only = true }, RULES_URL_HTTP, EPERM,
	  "the URL is http, which allow_http = no in uxmcd.conf forbids: give an https URL",
	},
	{ { D7C("") }, 1, { .https_only = true,
			    .url = "HTTPS://h/snomD7C-1.6.1-r.bin" },
	  RULES_ALLOWED, 0, "" },
	{ { D7C("") }, 0, { 0 }, RULES_NO_MODULE, ENODEV,
	  "no expansion module is connected: connect exactly one" },
	{ { D7C("") }, 0, { .chain = true }, RULES_NO_MODULE, ENODEV,
	  "no expansion module is connected: connect exactly one" },
	{ { D7C(""), D7C("") }, 2, { 0 }, RULES_MANY_MODULES, EBUSY,
	  "2 expansion modules are connected: leave exactly one connected" },
	{ { D7C("") }, 1, { .phone_firmware = "10.1.64.13" }, RULES_PHONE_OLD,
	  EPERM,
	  "the phone's firmware is 10.1.64.13: update the phone to 10.1.64.14 or later first",
	},
	{ { D8C("") }, 1, { 0 }, RULES_NAME_MODEL, EINVAL,
	  "the image is for a D7C, but the module is a D8C: give the URL of a D8C image" },

	/* what is said first */
	{ { D7C("") }, 0, { .url = "", .policy = POLICY_NEVER }, RULES_POLICY,
	  EPERM,
	  "update_policy is never_update: set it to auto_update or ask_for_update to have the module updated",
	},

	/* a chain */
	{ { D7C(D7C_URL), D7C(D7C_URL) }, 2, { .chain = true },
	  RULES_MATCH, EALREADY,
	  "uxmc0: firmware_uxm is the provisioned URL already: clear firmware_uxm to update again",
	},
	{ { D7C(D7C_URL), D8C("") }, 2, { .chain = true },
	  RULES_NAME_MODEL, EINVAL,
	  "uxmc1: the image is for a D7C, but the module is a D8C: give the URL of a D8C image",
	},
};

static void test_important(void **state)
{
	struct rules_provisioned facts;
	struct rules_decision decision;
	struct rules_steps steps;
	const struct important *now;
	size_t chosen;

	(void)state;
	for (now = important; now < important + ARRAY_SIZE(important); now++) {
		facts = now->facts;
		facts.modules = now->modules;
		facts.count = now->count;
		if (!facts.mac)
			facts.mac = MAC;
		if (!facts.url)
			facts.url = D7C_URL;
		if (!facts.phone_firmware)
			facts.phone_firmware = GOOD_PHONE;
		rules_provisioned(&facts, &decision, &chosen, &steps);
		assert_string_equal(decision.sentence, now->sentence);
		assert_int_equal(decision.code, now->code);
		assert_int_equal(decision.error, now->error);
		assert_int_equal(steps.list[steps.count - 1].passed,
				 now->code == RULES_ALLOWED);
	}
}

/* What a person reads who wants to know why. */
static void test_steps(void **state)
{
	static const struct rules_module modules[] = {
		D7C("", .retry_in = 1500)
	};
	static const struct rules_provisioned facts = {
		.modules = modules,
		.count = 1,
		.url = "http://h/{mac}/snomD7C-1.6.1-r.bin",
		.mac = MAC,
		.phone_firmware = GOOD_PHONE,
	};
	static const char * const texts[][2] = {
		{ "policy", "update_policy is auto_update" },
		{ "provisioned", "a URL is provisioned as firmware_uxm" },
		{ "rollout", "firmware_uxm is for all phones" },
		{ "kept", "firmware_uxm is not kept as the user has set it" },
		{ "modules", "exactly one expansion module is connected" },
		{ "busy", "no update is under way" },
		{ "url", "http://h/{mac}/snomD7C-1.6.1-r.bin" },
		{ "mac", "{mac} stands for " MAC },
		{ "match", "uxmc0: firmware_uxm is empty" },
		{ "name", "uxmc0: snomD7C-1.6.1-r.bin is version 1.6.1 for a D7C" },
		{ "minimum", "uxmc0: minimum_version is not set in uxmcd.conf" },
		{ "downgrade", "uxmc0: uxmcd.conf says allow_downgrade = yes" },
		{ "phone", "uxmc0: the phone's firmware is " GOOD_PHONE },
		{ "retry",
		  "uxmc0: the update from this URL failed, and is tried again in 2 s: use uxmcctl update to try at once",
		},
	};
	struct rules_decision decision;
	struct rules_steps steps;
	size_t chosen, i;

	(void)state;
	rules_provisioned(&facts, &decision, &chosen, &steps);
	assert_int_equal(steps.count, ARRAY_SIZE(texts));
	for (i = 0; i < steps.count; i++) {
		assert_string_equal(steps.list[i].rule, texts[i][0]);
		assert_string_equal(steps.list[i].text, texts[i][1]);
		assert_int_equal(steps.list[i].passed, i < steps.count - 1);
	}
}

static void test_allowed_fills_in(void **state)
{
	static const struct rules_module modules[] = {
		D8C("", .retry_in = 1000), D7C(D7C_URL),
		D7C("", .confirmed = true)
	};
	static const struct rules_provisioned facts = {
		.modules = modules,
		.count = ARRAY_SIZE(modules),
		.chain = true,
		.url = "http://h/{mac}/snomD7C-1.6.1-r.bin?m={mac}",
		.mac = MAC,
		.phone_firmware = GOOD_PHONE,
	};
	struct rules_decision decision;
	size_t chosen;

	(void)state;
	rules_provisioned(&facts, &decision, &chosen, NULL);
	assert_int_equal(decision.code, RULES_ALLOWED);
	assert_int_equal(chosen, 1);
	assert_string_equal(decision.url,
			    "http://h/" MAC "/snomD7C-1.6.1-r.bin?m=" MAC);
	assert_string_equal(decision.name, "snomD7C-1.6.1-r.bin");
	assert_string_equal(decision.image.version, "1.6.1");
}

/* More modules than there is room for in the steps. */
static void test_long_chain(void **state)
{
	static struct rules_module modules[100];
	static const struct rules_module match = D7C(D7C_URL);
	static const struct rules_module fresh = D7C("");
	struct rules_provisioned facts = {
		.modules = modules,
		.count = ARRAY_SIZE(modules),
		.chain = true,
		.url = D7C_URL,
		.mac = "",
		.phone_firmware = GOOD_PHONE,
	};
	struct rules_decision decision;
	struct rules_steps steps;
	size_t chosen, i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(modules); i++)
		modules[i] = match;
	rules_provisioned(&facts, &decision, &chosen, &steps);
	assert_int_equal(decision.code, RULES_MATCH);
	assert_int_equal(steps.count, RULES_STEPS_MAX);
	assert_string_equal(steps.list[RULES_STEPS_MAX - 1].rule, "chain");

	modules[99] = fresh;
	rules_provisioned(&facts, &decision, &chosen, &steps);
	assert_int_equal(decision.code, RULES_ALLOWED);
	assert_int_equal(chosen, 99);
	assert_string_equal(steps.list[RULES_STEPS_MAX - 1].rule, "ask");
	assert_true(steps.list[RULES_STEPS_MAX - 1].passed);
}

/* The URL comes from a server: it is not shown until it is known to be clean. */
static void test_dirty_url(void **state)
{
	static const char * const dirty[] = {
		"http://h/\033[2J/snomD7C-1.6.1-r.bin", "\033[2J", "\n",
		"http://h/snomD7C-1.6.1-r.bin\tx", "http://\001",
	};
	static const struct rules_module modules[] = { D7C("") };
	struct rules_provisioned facts = {
		.modules = modules,
		.count = 1,
		.mac = "",
		.phone_firmware = GOOD_PHONE,
	};
	struct rules_decision decision;
	struct rules_steps steps;
	size_t chosen, i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(dirty); i++) {
		facts.url = dirty[i];
		rules_provisioned(&facts, &decision, &chosen, &steps);
		assert_int_not_equal(decision.code, RULES_ALLOWED);
		assert_true(text_is_clean(decision.sentence));
		for (j = 0; j < steps.count; j++)
			assert_true(text_is_clean(steps.list[j].text));
	}
}

/* Those of the settings. */
static void test_policy_names(void **state)
{
	struct rules_provisioned facts = { .url = "" };
	struct rules_decision decision;
	struct rules_steps steps;
	size_t chosen;
	char *name;

	(void)state;
	for (facts.policy = POLICY_AUTO; facts.policy <= POLICY_NEVER;
	     facts.policy++) {
		rules_provisioned(&facts, &decision, &chosen, &steps);
		name = steps.list[0].text + strlen("update_policy is ");
		name[strcspn(name, ":")] = '\0';
		assert_int_equal(setting_policy(name), facts.policy);
		assert_int_equal(setting_check(SETTING_UPDATE_POLICY, name,
					       decision.url), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_important),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_allowed_fills_in),
		cmocka_unit_test(test_long_chain),
		cmocka_unit_test(test_dirty_url),
		cmocka_unit_test(test_policy_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
