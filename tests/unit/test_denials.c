// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "denials.h"
#include "unit.h"

#define URL	"http://h/snomD7C-1.6.1-r.bin"

static void test_each_is_its_own(void **state)
{
	struct denials denials = { 0 };

	(void)state;
	assert_false(denials_have(&denials, URL, "1-1", "A"));
	denials_add(&denials, URL, "1-1", "A");
	assert_true(denials_have(&denials, URL, "1-1", "A"));
	assert_false(denials_have(&denials, URL "?", "1-1", "A"));
	assert_false(denials_have(&denials, URL, "1-2", "A"));
	assert_false(denials_have(&denials, URL, "1-1", "B"));
	/* What is next to one another is not one text. */
	assert_false(denials_have(&denials, URL "1", "-1", "A"));
}

static void add_numbered(struct denials *denials, unsigned int number)
{
	char serial[16];

	snprintf(serial, sizeof(serial), "%u", number);
	denials_add(denials, URL, "1-1", serial);
}

static bool have_numbered(struct denials *denials, unsigned int number)
{
	char serial[16];

	snprintf(serial, sizeof(serial), "%u", number);
	return denials_have(denials, URL, "1-1", serial);
}

static void test_the_oldest_goes(void **state)
{
	struct denials denials = { 0 };
	unsigned int i;

	(void)state;
	for (i = 0; i < DENIALS_MAX; i++)
		add_numbered(&denials, i);
	/* One that is there already takes no other's place. */
	add_numbered(&denials, 3);
	assert_true(have_numbered(&denials, 0));
	add_numbered(&denials, DENIALS_MAX);
	assert_false(have_numbered(&denials, 0));
	for (i = 1; i <= DENIALS_MAX; i++)
		assert_true(have_numbered(&denials, i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_is_its_own),
		cmocka_unit_test(test_the_oldest_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
