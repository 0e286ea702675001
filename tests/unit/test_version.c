// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "text.h"
#include "version.h"
#include "unit.h"

static int compare(const char *a, const char *b)
{
	struct version first, second;

	assert_int_equal(version_parse(a, &first), 0);
	assert_int_equal(version_parse(b, &second), 0);
	return version_compare(&first, &second);
}

static void test_number_by_number(void **state)
{
	(void)state;
	assert_int_equal(compare("10.1.64.14", "10.1.64.14"), 0);
	assert_int_equal(compare("10.1.64.13", "10.1.64.14"), -1);
	assert_int_equal(compare("10.1.101.11", "10.1.64.14"), 1);
	assert_int_equal(compare("9.9.99.99", "10.1.64.14"), -1);
	assert_int_equal(compare("10.1.64.9", "10.1.64.14"), -1);
	assert_int_equal(compare("4294967295.0", "4294967294.9"), 1);
}

static void test_missing_numbers_are_zero(void **state)
{
	(void)state;
	assert_int_equal(compare("1.6", "1.6.0"), 0);
	assert_int_equal(compare("1.6", "1.6.1"), -1);
	assert_int_equal(compare("2", "1.99"), 1);
	assert_int_equal(compare("01.06", "1.6"), 0);
}

static void test_parts(void **state)
{
	struct version version;

	(void)state;
	assert_int_equal(version_parse("10.1.64.14", &version), 0);
	assert_int_equal(version.count, 4);
	assert_int_equal(version.part[2], 64);
	assert_int_equal(version_parse("1.2.3.4.5.6.7.8", &version), 0);
	assert_int_equal(version.count, 8);
}

static void test_garbage(void **state)
{
	static const char * const texts[] = {
		"", ".", "1.", ".1", "1..2", "1.6.1 ", " 1.6.1", "1.6.1-rc",
		"v1.6", "1,6", "-1", "+1", "0x10", "4294967296",
		"99999999999999999999999", "1.2.3.4.5.6.7.8.9", "\xc2\xb2",
	};
	struct version version = { .count = 77 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		assert_int_equal(version_parse(texts[i], &version), -EINVAL);
	assert_int_equal(version.count, 77);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_number_by_number),
		cmocka_unit_test(test_missing_numbers_are_zero),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
