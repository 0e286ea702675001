// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>

#include "lockout.h"
#include "text.h"
#include "unit.h"

#define MINUTE	60000ULL
#define HOUR	(60 * MINUTE)
#define DAY	(24 * HOUR)

static void guess(struct lockout *lockout, const char *from, unsigned int times,
		  uint64_t now)
{
	while (times--)
		lockout_note(lockout, from, false, now);
}

/* Addresses of one who has many */
static const char *stranger(unsigned int number)
{
	static char name[LOCKOUT_FROM_SIZE];

	text_format(name, sizeof(name), "198.51.100.%u", number);
	return name;
}

static void guess_from_many(struct lockout *lockout, unsigned int addresses,
			    uint64_t now)
{
	while (addresses--)
		guess(lockout, stranger(addresses), 4, now);
}

static void test_others_are_not_locked_out(void **state)
{
	struct lockout lockout = { 0 };

	(void)state;
	guess(&lockout, "192.0.2.1", 4, 1);
	assert_int_equal(lockout_wait(&lockout, "192.0.2.1", 1), MINUTE);
	assert_int_equal(lockout_failures(&lockout, "192.0.2.1", 1), 4);
	assert_int_equal(lockout_wait(&lockout, "192.0.2.2", 1), 0);
	assert_int_equal(lockout_wait(&lockout, "192.0.2.10", 1), 0);
	assert_int_equal(lockout_wait(&lockout, "unix", 1), 0);
	assert_int_equal(lockout_failures(&lockout, "unix", 1), 0);
}

static void test_the_right_one_ends_it(void **state)
{
	struct lockout lockout = { 0 };

	(void)state;
	guess(&lockout, "192.0.2.1", 3, 1);
	lockout_note(&lockout, "192.0.2.1", true, 1);
	guess(&lockout, "192.0.2.1", 3, 1);
	assert_int_equal(lockout_wait(&lockout, "192.0.2.1", 1), 0);
	guess(&lockout, "192.0.2.1", 1, 1);
	assert_int_equal(lockout_wait(&lockout, "192.0.2.1", 1), MINUTE);
}

/* Two hours after the last one it begins anew. */
static void test_it_is_forgotten(void **state)
{
	struct lockout lockout = { 0 };

	(void)state;
	guess(&lockout, "192.0.2.1", 3, 0);
	guess(&lockout, "192.0.2.1", 1, 2 * HOUR);
	assert_int_equal(lockout_wait(&lockout, "192.0.2.1", 2 * HOUR), 0);
	guess(&lockout, "192.0.2.1", 3, 3 * HOUR);
	assert_int_equal(lockout_wait(&lockout, "192.0.2.1", 3 * HOUR), MINUTE);
}

/* Whoever has many addresses may not guess more often with each. */
static void test_many_addresses(void **state)
{
	struct lockout lockout = { 0 };
	unsigned int guesses = 0, number;

	(void)state;
	for (number = 0; number < 10000; number++)
		while (!lockout_wait(&lockout, stranger(number), 1)) {
			guess(&lockout, stranger(number), 1, 1);
			guesses++;
		}
	assert_int_equal(guesses, 4 * LOCKOUT_PLACES);
}

/* ... and does not lock those out who have been there before. */
static void test_who_was_right_before(void **state)
{
	struct lockout lockout = { 0 };

	(void)state;
	lockout_note(&lockout, "192.0.2.1", true, 1);
	guess_from_many(&lockout, 200, DAY);
	assert_int_equal(lockout_wait(&lockout, "192.0.2.1", DAY), 0);
	assert_true(lockout_wait(&lockout, "192.0.2.2", DAY));
	guess(&lockout, "192.0.2.1", 4, DAY);
	assert_int_equal(lockout_wait(&lockout, "192.0.2.1", DAY), MINUTE);
	/* A wrong one does not shorten how long it is remembered. */
	guess_from_many(&lockout, 200, 20 * DAY);
	assert_int_equal(lockout_wait(&lockout, "192.0.2.1", 20 * DAY), 0);
}

/* One of those who share a place was right: the others may not guess on for it. */
static void test_a_shared_place(void **state)
{
	struct lockout lockout = { 0 };
	unsigned int number;

	(void)state;
	for (number = 1; number < LOCKOUT_PLACES; number++)
		guess(&lockout, stranger(number), 1, 1);
	guess(&lockout, "192.0.2.1", 3, 1);
	lockout_note(&lockout, "192.0.2.2", true, 1);
	guess(&lockout, "192.0.2.3", 1, 1);
	assert_true(lockout_wait(&lockout, "192.0.2.1", 1));
	assert_true(lockout_wait(&lockout, "192.0.2.4", 1));
	assert_int_equal(lockout_wait(&lockout, stranger(1), 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_others_are_not_locked_out),
		cmocka_unit_test(test_the_right_one_ends_it),
		cmocka_unit_test(test_it_is_forgotten),
		cmocka_unit_test(test_many_addresses),
		cmocka_unit_test(test_who_was_right_before),
		cmocka_unit_test(test_a_shared_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
