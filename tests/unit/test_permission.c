// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "permission.h"
#include "text.h"
#include "unit.h"

/* As facts about the phones have it; the last column is the canonical text. */
static const struct {
	const char *text;
	bool readonly;
	bool keeps_user;
	bool is_volatile;
	const char *canonical;
} cases[] = {
	{ "", false, false, false, "" },
	{ "$", false, false, false, "" },
	{ "RW", false, false, false, "" },
	{ "!", false, true, false, "!" },
	{ "&", true, false, false, "R" },
	{ "R", true, false, false, "R" },
	{ " ", true, false, false, "R" },
	{ "V", true, false, true, "V" },
	{ "V$", false, false, true, "V$" },
	{ "$V", false, false, true, "V$" },
	{ "VRW", false, false, true, "V$" },
	{ "RWV", false, false, true, "V$" },
	{ "V!", false, true, true, "V!" },
	{ "!V", false, true, true, "V!" },
	{ "V&", true, false, true, "V" },
	{ "&V", true, false, true, "V" },
	{ "VR", true, false, true, "V" },
	{ "RV", true, false, true, "V" },
	{ "V ", true, false, true, "V" },
	{ " V", true, false, true, "V" },
};

static void test_parse(void **state)
{
	struct permission permission;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		if (permission_parse(cases[i].text, &permission))
			fail_msg("refused: '%s'", cases[i].text);
		if (permission.readonly != cases[i].readonly ||
		    permission.keeps_user != cases[i].keeps_user ||
		    permission.is_volatile != cases[i].is_volatile)
			fail_msg("misread: '%s'", cases[i].text);
	}
}

static void test_format(void **state)
{
	struct permission permission, again;
	char text[PERMISSION_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(permission_parse(cases[i].text, &permission),
				 0);
		permission_format(&permission, text, sizeof(text));
		assert_string_equal(text, cases[i].canonical);
		assert_int_equal(permission_parse(text, &again), 0);
		assert_memory_equal(&permission, &again, sizeof(again));
	}
}

static bool is_case(const char *text)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		if (!strcmp(text, cases[i].text))
			return true;
	return false;
}

static void assert_refused(const char *text)
{
	struct permission permission = { true, true, false };

	if (permission_parse(text, &permission) != -EINVAL)
		fail_msg("accepted: '%s'", text);
	assert_true(permission.readonly && permission.keeps_user);
}

/* All texts of up to four of the flags' characters, and some others. */
static void test_refused(void **state)
{
	static const char alphabet[] = "RWV!&$ rv\t";
	static const size_t count = sizeof(alphabet) - 1;
	char text[5];
	size_t i, length, rest, all = count * count * count * count;

	(void)state;
	for (length = 1; length < sizeof(text); length++)
		for (i = 0; i < all; i++) {
			rest = i;
			memset(text, 0, sizeof(text));
			while (strlen(text) < length) {
				text[strlen(text)] = alphabet[rest % count];
				rest /= count;
			}
			if (!is_case(text))
				assert_refused(text);
		}
	assert_refused("\xff");
	assert_refused("RWRWRWRWRWRWRWRWRWRWRWRWRWRWRWRWRWRW");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
