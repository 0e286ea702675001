// SPDX-License-Identifier: GPL-2.0-or-later
#include "pauses.h"
#include "text.h"
#include "unit.h"

#define NOW	1000000ULL
#define DAY	86400000ULL

static void test_one(void **state)
{
	struct pauses pauses = { 0 };

	(void)state;
	assert_int_equal(pauses_left(&pauses, "http://pbx/a", NOW), 0);
	pauses_owe(&pauses, "http://u:p@PBX/a?b", 60, NOW);
	assert_int_equal(pauses_left(&pauses, "http://pbx:80/other", NOW), 60000);
	assert_int_equal(pauses_left(&pauses, "http://pbx/", NOW + 59999), 1);
	assert_int_equal(pauses_left(&pauses, "http://pbx/", NOW + 60000), 0);
	/* Another port, scheme or name is another server. */
	assert_int_equal(pauses_left(&pauses, "http://pbx:81/", NOW), 0);
	assert_int_equal(pauses_left(&pauses, "https://pbx/", NOW), 0);
	assert_int_equal(pauses_left(&pauses, "http://pbx2/", NOW), 0);
	assert_int_equal(pauses_left(&pauses, "rubbish", NOW), 0);
}

/* What it said last is what counts. */
static void test_again(void **state)
{
	struct pauses pauses = { 0 };

	(void)state;
	pauses_owe(&pauses, "http://pbx/", 60, NOW);
	pauses_owe(&pauses, "http://pbx/", 10, NOW);
	assert_int_equal(pauses_left(&pauses, "http://pbx/", NOW), 10000);
	/* That it says nothing takes nothing back. */
	pauses_owe(&pauses, "http://pbx/", 0, NOW);
	assert_int_equal(pauses_left(&pauses, "http://pbx/", NOW), 10000);
	assert_int_equal(pauses_longest(&pauses, NOW), 10000);
}

static void test_no_more_than_a_day(void **state)
{
	struct pauses pauses = { 0 };

	(void)state;
	pauses_owe(&pauses, "http://pbx/", UINT32_MAX, NOW);
	assert_int_equal(pauses_left(&pauses, "http://pbx/", NOW), DAY);
	pauses_owe(&pauses, "http://pbx/", UINT64_MAX, NOW);
	assert_int_equal(pauses_left(&pauses, "http://pbx/", NOW), DAY);
}

/* Of too many the one that is over first is forgotten. */
static void test_many(void **state)
{
	struct pauses pauses = { 0 };
	char url[32];
	uint64_t i;

	(void)state;
	for (i = 0; i < PAUSES_MAX + 1; i++) {
		text_format(url, sizeof(url), "http://pbx%d/", (int)i);
		pauses_owe(&pauses, url, 100 + i, NOW);
	}
	assert_int_equal(pauses_left(&pauses, "http://pbx0/", NOW), 0);
	assert_int_equal(pauses_left(&pauses, "http://pbx1/", NOW), 101000);
	assert_int_equal(pauses_left(&pauses, url, NOW),
			 (100 + PAUSES_MAX) * 1000);
	assert_int_equal(pauses_longest(&pauses, NOW),
			 (100 + PAUSES_MAX) * 1000);
	assert_int_equal(pauses_longest(&pauses, NOW + DAY), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_no_more_than_a_day),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
