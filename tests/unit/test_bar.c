// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "bar.h"
#include "unit.h"

static void test_percent(void **state)
{
	struct module module = { .state = UXMC_STATE_DOWNLOADING };

	(void)state;
	assert_int_equal(bar_percent(&module), -1);
	module.total = 35708675;
	assert_int_equal(bar_percent(&module), 0);
	module.done = 35708674;
	assert_int_equal(bar_percent(&module), 99);
	module.done = 35708675;
	assert_int_equal(bar_percent(&module), 100);
	module.done++;
	assert_int_equal(bar_percent(&module), -1);
}

static void test_progress(void **state)
{
	struct module module = { .state = UXMC_STATE_VERIFYING };
	char text[64] = "x";

	(void)state;
	bar_progress(&module, text, sizeof(text));
	assert_string_equal(text, "");
	module.done = 2752512;
	bar_progress(&module, text, sizeof(text));
	assert_string_equal(text, "2.8 MB");
	module.total = 2 * module.done;
	bar_progress(&module, text, sizeof(text));
	assert_string_equal(text, "50 %");
	module.state = UXMC_STATE_DONE;
	bar_progress(&module, text, sizeof(text));
	assert_string_equal(text, "");
}

static void test_lines(void **state)
{
	struct module module = {
		.id = 3, .model = "D7C", .state = UXMC_STATE_MANIFESTING,
		.timeout = 299001, .version = "1.6.1",
		.message = "manifesting: refused",
	};
	char text[256];

	(void)state;
	bar_line(&module, text, sizeof(text));
	assert_string_equal(text,
			    "uxmc3 D7C manifesting (up to 300 s; do not unplug)");
	module.state = UXMC_STATE_FAILED;
	bar_line(&module, text, sizeof(text));
	assert_string_equal(text, "uxmc3 D7C failed manifesting: refused");
	module.state = UXMC_STATE_DONE;
	bar_line(&module, text, sizeof(text));
	assert_string_equal(text, "uxmc3 D7C done firmware 1.6.1");
}

static void test_draw(void **state)
{
	struct module module = {
		.model = "D7C", .state = UXMC_STATE_DOWNLOADING,
		.done = 10000000, .total = 40000000,
	};
	char text[256];

	(void)state;
	bar_draw(&module, 79, text, sizeof(text));
	assert_string_equal(text,
			    "uxmc0 D7C downloading   [##........]  25 % 10.0 of 40.0 MB");
	bar_draw(&module, 200, text, sizeof(text));
	assert_non_null(strstr(text, "[##########..............................]"));
	module.done = module.total;
	bar_draw(&module, 79, text, sizeof(text));
	assert_non_null(strstr(text, "[##########] 100 %"));
	bar_draw(&module, 20, text, sizeof(text));
	assert_int_equal(strlen(text), 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_percent),
		cmocka_unit_test(test_progress),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_draw),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
