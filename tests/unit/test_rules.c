// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "rules.h"
#include "text.h"
#include "unit.h"

#define D7C_URL		"http://h/snomD7C-1.6.1-r.bin"
#define D8C_URL		"http://h/snomD8C-1.6.1-r.bin"
#define GOOD_PHONE	"10.1.64.14"

struct rules_case {
	size_t modules;
	const char *model;
	const char *url;
	const char *phone;
	enum rules_code code;
	const char *says;	/* a part of the sentence */
};

static const struct rules_case cases[] = {
	/* how many modules */
	{ 0, "", D7C_URL, GOOD_PHONE, RULES_NO_MODULE, "connect exactly one" },
	{ 1, "D7C", D7C_URL, GOOD_PHONE, RULES_ALLOWED, "" },
	{ 2, "D7C", D7C_URL, GOOD_PHONE, RULES_MANY_MODULES,
	  "2 expansion modules" },
	{ 3, "D7C", D7C_URL, GOOD_PHONE, RULES_MANY_MODULES,
	  "3 expansion modules" },
	{ 3, "D8C", D8C_URL, GOOD_PHONE, RULES_MANY_MODULES,
	  "leave exactly one" },

	/* the phone's firmware, for both models */
	{ 1, "D7C", D7C_URL, "10.1.64.13", RULES_PHONE_OLD,
	  "10.1.64.14 or later" },
	{ 1, "D7C", D7C_URL, "9.9.99.99", RULES_PHONE_OLD, "9.9.99.99" },
	{ 1, "D7C", D7C_URL, "10.1.64", RULES_PHONE_OLD, "10.1.64:" },
	{ 1, "D7C", D7C_URL, "10.1.101.11", RULES_ALLOWED, "" },
	{ 1, "D7C", D7C_URL, "10.1.64.14.1", RULES_ALLOWED, "" },
	{ 1, "D7C", D7C_URL, "11", RULES_ALLOWED, "" },
	{ 1, "D7C", D7C_URL, "", RULES_PHONE_UNKNOWN,
	  "set phone_firmware = <version> in uxmcd.conf" },
	{ 1, "D7C", D7C_URL, "ten", RULES_PHONE_BAD,
	  "correct phone_firmware in uxmcd.conf" },
	{ 1, "D7C", D7C_URL, "10.1.64.14-rc1", RULES_PHONE_BAD, "10.1.64.14-rc1" },
	{ 1, "D8C", D8C_URL, "10.1.64.13", RULES_PHONE_OLD, "10.1.64.13" },
	{ 1, "D8C", D8C_URL, "10.1.64.14", RULES_ALLOWED, "" },
	{ 1, "D8C", D8C_URL, "10.1.101.11", RULES_ALLOWED, "" },
	{ 1, "D8C", D8C_URL, "9.9.99.99", RULES_PHONE_OLD, "9.9.99.99" },
	{ 1, "D8C", D8C_URL, "", RULES_PHONE_UNKNOWN, "phone_firmware" },
	{ 1, "D8C", D8C_URL, "x", RULES_PHONE_BAD, "phone_firmware" },

	/* model and name */
	{ 1, "D8C", D7C_URL, GOOD_PHONE, RULES_NAME_MODEL, "the module is a D8C" },
	{ 1, "D7C", D8C_URL, GOOD_PHONE, RULES_NAME_MODEL, "for a D8C" },
	{ 1, "D7C", "http://h/firmware.bin", GOOD_PHONE, RULES_NAME_FORM,
	  "snomD7C-<version>-r.bin" },
	{ 1, "D7C", "http://h/snomD785-10.1.64.14-SIP-r.bin", GOOD_PHONE,
	  RULES_NAME_FORM, "snomD785" },
	{ 1, "D7C", "http://h/", GOOD_PHONE, RULES_NAME_BAD, "file name" },
	{ 1, "D7C", "http://h/x/..", GOOD_PHONE, RULES_NAME_BAD, "file name" },
	{ 1, "D7C", "http://h/..%2fsnomD7C-1.6.1-r.bin", GOOD_PHONE,
	  RULES_NAME_BAD, "file name" },

	/* the URL */
	{ 1, "D7C", "", GOOD_PHONE, RULES_NO_URL, "no URL" },
	{ 1, "D7C", "snomD7C-1.6.1-r.bin", GOOD_PHONE, RULES_URL_SCHEME,
	  "http:// or https://" },
	{ 1, "D7C", "ftp://h/snomD7C-1.6.1-r.bin", GOOD_PHONE,
	  RULES_URL_SCHEME, "http:// or https://" },
	{ 1, "D7C", "file:///snomD7C-1.6.1-r.bin", GOOD_PHONE,
	  RULES_URL_SCHEME, "http:// or https://" },
	{ 1, "D7C", "http:///snomD7C-1.6.1-r.bin", GOOD_PHONE,
	  RULES_URL_BAD, "not a valid URL" },
	{ 1, "D7C", "http://h/a b/snomD7C-1.6.1-r.bin", GOOD_PHONE,
	  RULES_URL_BAD, "without blanks" },
	{ 1, "D7C", D7C_URL "?mac=1", GOOD_PHONE, RULES_ALLOWED, "" },
};

static void decide(const struct rules_case *now,
		   struct rules_decision *decision)
{
	struct rules_facts facts = {
		.modules = now->modules,
		.model = now->model,
		.url = now->url,
		.mac = "000413922D24",
		.phone_firmware = now->phone,
	};

	rules_manual(&facts, decision);
}

/* Of files nobody says how they came. */
static void test_https_only(void **state)
{
	struct rules_decision decision;
	struct rules_facts facts = {
		.modules = 1,
		.model = "D7C",
		.url = D7C_URL,
		.phone_firmware = GOOD_PHONE,
		.https_only = true,
	};

	(void)state;
	rules_manual(&facts, &decision);
	assert_int_equal(decision.code, RULES_URL_HTTP);
	assert_non_null(strstr(decision.sentence, "allow_http = no"));
	facts.url = "https://h/snomD7C-1.6.1-r.bin";
	rules_manual(&facts, &decision);
	assert_int_equal(decision.code, RULES_ALLOWED);
	facts.url = NULL;
	facts.file = "snomD7C-1.6.1-r.bin";
	rules_manual(&facts, &decision);
	assert_int_equal(decision.code, RULES_ALLOWED);
}

static void test_table(void **state)
{
	struct rules_decision decision;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		decide(&cases[i], &decision);
		if (decision.code != cases[i].code ||
		    !strstr(decision.sentence, cases[i].says))
			fail_msg("%zu modules, %s, %s, phone %s: %s: %s",
				 cases[i].modules, cases[i].model,
				 cases[i].url, cases[i].phone,
				 rules_code_name(decision.code),
				 decision.sentence);
		assert_int_equal(!decision.error,
				 decision.code == RULES_ALLOWED);
		assert_int_equal(!*decision.sentence,
				 decision.code == RULES_ALLOWED);
	}
}

static void test_allowed_fills_in(void **state)
{
	struct rules_facts facts = {
		.modules = 1,
		.model = "D7C",
		.url = "http://h/{mac}/snomD7C-1.6.1-r.bin?m={mac}",
		.mac = "000413922D24",
		.phone_firmware = GOOD_PHONE,
	};
	struct rules_decision decision;

	(void)state;
	rules_manual(&facts, &decision);
	assert_int_equal(decision.code, RULES_ALLOWED);
	assert_string_equal(decision.url,
			    "http://h/000413922D24/snomD7C-1.6.1-r.bin?m=000413922D24");
	assert_string_equal(decision.name, "snomD7C-1.6.1-r.bin");
	assert_string_equal(decision.image.version, "1.6.1");
}

static void test_mac_is_needed(void **state)
{
	struct rules_facts facts = {
		.modules = 1,
		.model = "D7C",
		.url = "http://h/{mac}/snomD7C-1.6.1-r.bin",
		.mac = "",
		.phone_firmware = GOOD_PHONE,
	};
	struct rules_decision decision;

	(void)state;
	rules_manual(&facts, &decision);
	assert_int_equal(decision.code, RULES_URL_MAC);
	assert_non_null(strstr(decision.sentence, "phone_mac"));
}

static void test_long_url(void **state)
{
	char url[5000 + 1] = "http://h/";
	struct rules_case now = { 1, "D7C", url, GOOD_PHONE, 0, "" };
	struct rules_decision decision;

	(void)state;
	memset(url + 9, 'a', 5000 - 9);
	decide(&now, &decision);
	assert_int_equal(decision.code, RULES_URL_LONG);
	assert_non_null(strstr(decision.sentence, "2048"));
}

static void test_files(void **state)
{
	static const struct {
		size_t modules;
		const char *file;
		enum rules_code code;
	} files[] = {
		{ 1, "snomD7C-1.6.1-r.bin", RULES_ALLOWED },
		{ 0, "snomD7C-1.6.1-r.bin", RULES_NO_MODULE },
		{ 2, "snomD7C-1.6.1-r.bin", RULES_MANY_MODULES },
		{ 1, "snomD8C-1.6.1-r.bin", RULES_NAME_MODEL },
		{ 1, "a/snomD7C-1.6.1-r.bin", RULES_NAME_BAD },
		{ 1, "snomD7C-1.6.1-r.bin\n", RULES_NAME_BAD },
		{ 1, "", RULES_NAME_FORM },
		{ 1, "..", RULES_NAME_FORM },
	};
	struct rules_facts facts = {
		.model = "D7C",
		.mac = "",
		.phone_firmware = GOOD_PHONE,
	};
	struct rules_decision decision;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		facts.modules = files[i].modules;
		facts.file = files[i].file;
		rules_manual(&facts, &decision);
		assert_int_equal(decision.code, files[i].code);
		assert_string_equal(decision.url, "");
	}
}

static void test_codes_are_distinct(void **state)
{
	enum rules_code a, b;

	(void)state;
	for (a = RULES_ALLOWED; a < RULES_COUNT; a++)
		for (b = RULES_ALLOWED; b < a; b++)
			assert_string_not_equal(rules_code_name(a),
						rules_code_name(b));
}

/* All are looked at, and the first that is not passed decides. */
static void test_before_there_is_a_url(void **state)
{
	static const struct {
		size_t modules;
		bool busy;
		const char *phone;
		enum rules_code code;
		bool passed[3];
	} table[] = {
		{ 1, false, "10.1.64.14", RULES_ALLOWED, { true, true, true } },
		{ 0, false, "10.1.64.14", RULES_NO_MODULE, { false, true, true } },
		{ 2, true, "10.1.64.14", RULES_MANY_MODULES, { false, false, true } },
		{ 1, true, "10.1.64.13", RULES_BUSY, { true, false, false } },
		{ 1, false, "10.1.64.13", RULES_PHONE_OLD, { true, true, false } },
		{ 1, false, "", RULES_PHONE_UNKNOWN, { true, true, false } },
	};
	static const char * const names[] = { "modules", "busy", "phone" };
	struct rules_decision decision;
	struct rules_steps steps;
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		struct rules_facts facts = {
			.modules = table[i].modules,
			.phone_firmware = table[i].phone,
		};

		rules_before(&facts, table[i].busy, &decision, &steps);
		assert_int_equal(decision.code, table[i].code);
		assert_int_equal(steps.count, 3);
		for (j = 0; j < steps.count; j++) {
			assert_string_equal(steps.list[j].rule, names[j]);
			assert_int_equal(steps.list[j].passed, table[i].passed[j]);
			assert_string_not_equal(steps.list[j].text, "");
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_https_only),
		cmocka_unit_test(test_allowed_fills_in),
		cmocka_unit_test(test_mac_is_needed),
		cmocka_unit_test(test_long_url),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_before_there_is_a_url),
		cmocka_unit_test(test_codes_are_distinct),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
