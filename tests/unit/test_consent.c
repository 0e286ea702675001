// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "consent.h"
#include "unit.h"

#define URL	"http://h/snomD7C-1.6.1-r.bin"

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

static void test_it_ends(void **state)
{
	struct module module = { .port = "1-1", .serial = "A" };
	struct consent consent = { 0 };

	(void)state;
	consent_ask(&consent, URL, &module);
	consent_stop_asking(&consent);
	assert_false(consent_asks(&consent, &module, URL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whom_it_is_about),
		cmocka_unit_test(test_it_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
