// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "consent.h"
#include "unit.h"

#define URL	"http://h/snomD7C-1.6.1-r.bin"

static void test_each_is_its_own(void **state)
{
	struct consent consent = { 0 };

	(void)state;
	assert_false(consent_is_denied(&consent, URL, "1-1", "A"));
	consent_deny(&consent, URL, "1-1", "A");
	assert_true(consent_is_denied(&consent, URL, "1-1", "A"));
	assert_false(consent_is_denied(&consent, URL "?", "1-1", "A"));
	assert_false(consent_is_denied(&consent, URL, "1-2", "A"));
	assert_false(consent_is_denied(&consent, URL, "1-1", "B"));
	/* What is next to one another is not one text. */
	assert_false(consent_is_denied(&consent, URL "1", "-1", "A"));
}

static void add_numbered(struct consent *consent, unsigned int number)
{
	char serial[16];

	snprintf(serial, sizeof(serial), "%u", number);
	consent_deny(consent, URL, "1-1", serial);
}

static bool have_numbered(struct consent *consent, unsigned int number)
{
	char serial[16];

	snprintf(serial, sizeof(serial), "%u", number);
	return consent_is_denied(consent, URL, "1-1", serial);
}

static void test_the_oldest_goes(void **state)
{
	struct consent consent = { 0 };
	unsigned int i;

	(void)state;
	for (i = 0; i < CONSENT_DENIED_MAX; i++)
		add_numbered(&consent, i);
	/* One that is there already takes no other's place. */
	add_numbered(&consent, 3);
	assert_true(have_numbered(&consent, 0));
	add_numbered(&consent, CONSENT_DENIED_MAX);
	assert_false(have_numbered(&consent, 0));
	for (i = 1; i <= CONSENT_DENIED_MAX; i++)
		assert_true(have_numbered(&consent, i));
}

static void test_whom_it_is_about(void **state)
{
	struct module module = { .port = "1-1", .serial = "A" };
	struct modules modules = { &module, 1 };
	struct consent consent = { 0 };

	(void)state;
	assert_null(consent_module(&consent, &modules));
	consent_ask(&consent, URL, &module);
	assert_ptr_equal(consent_module(&consent, &modules), &module);
	assert_true(consent_asks(&consent, &module, URL));
	assert_false(consent_asks(&consent, &module, URL "?"));
	strcpy(module.serial, "B");
	assert_false(consent_asks(&consent, &module, URL));
	assert_null(consent_module(&consent, &modules));
}

/* What was answered is not asked any more. */
static void test_an_answer_ends_it(void **state)
{
	struct module module = { .port = "1-1", .serial = "A" };
	struct consent consent = { 0 };

	(void)state;
	consent_ask(&consent, URL, &module);
	consent_deny(&consent, consent.url, consent.port, consent.serial);
	assert_false(consent_asks(&consent, &module, URL));
	assert_true(consent_is_denied(&consent, URL, "1-1", "A"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_is_its_own),
		cmocka_unit_test(test_the_oldest_goes),
		cmocka_unit_test(test_whom_it_is_about),
		cmocka_unit_test(test_an_answer_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
