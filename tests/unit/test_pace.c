// SPDX-License-Identifier: GPL-2.0-or-later
#include "pace.h"
#include "unit.h"

#define STALL	1000U
#define STRETCH	((uint64_t)FETCHWIRE_STALLS_MAX * STALL)
#define RATE	100U		/* bytes a second */

static struct pace begin(uint64_t now)
{
	static const struct fetchwire_request request = {
		.connect_timeout = 500,
		.stall_timeout = STALL,
		.rate_min = RATE,
	};
	struct pace pace;

	pace_begin(&pace, &request, now);
	pace_connect(&pace);
	return pace;
}

static struct pace answered(uint64_t now)
{
	struct pace pace = begin(now);

	pace.asked = true;
	pace.answered = true;
	pace_listen(&pace, now);
	return pace;
}

/* Others watch over connecting. */
static void test_connecting(void **state)
{
	struct pace pace = begin(5000);

	(void)state;
	assert_int_equal(pace_left(&pace, 5000), STALL);
	assert_int_equal(pace_left(&pace, 90000), STALL);
}

static void test_silence(void **state)
{
	struct pace pace = answered(5000);

	(void)state;
	assert_int_equal(pace_left(&pace, 5999), 1);
	assert_int_equal(pace_left(&pace, 6000), 0);
	pace_hear(&pace, 1, 5999);
	assert_int_equal(pace_left(&pace, 6000), STALL - 1);
	pace_listen(&pace, 6999);
	assert_int_equal(pace_left(&pace, 7000), STALL - 1);
	/* Before the answer there may be a 401, and another connection. */
	pace.answered = false;
	assert_int_equal(pace_left(&pace, 6999), STALL + 500);
}

static void test_job(void **state)
{
	struct pace pace = answered(5000);

	(void)state;
	pace.time_max = 1500;
	assert_int_equal(pace_left(&pace, 5000), STALL);
	pace_hear(&pace, 1, 6000);
	assert_int_equal(pace_left(&pace, 6000), 500);
	assert_false(pace_is_over(&pace, 6499));
	/* A redirect gives no more. */
	pace_connect(&pace);
	assert_int_equal(pace_left(&pace, 6500), 0);
	assert_true(pace_is_over(&pace, 6500));
}

/* So much comes and so long is waited for it; is that too slow? */
static bool stretch_is_slow(size_t count, uint64_t waited)
{
	struct pace pace = answered(0);

	pace_hear(&pace, count, 0);
	pace_wait(&pace, waited);
	return pace_is_slow(&pace);
}

static void test_rate(void **state)
{
	const size_t enough = RATE * STRETCH / 1000;

	(void)state;
	assert_false(stretch_is_slow(enough, STRETCH));
	assert_true(stretch_is_slow(enough - 1, STRETCH));
	/* Nothing is said before the stretch has ended. */
	assert_false(stretch_is_slow(1, STRETCH - 1));
	assert_true(stretch_is_slow(enough, STRETCH + 1));
}

/* What came before is no credit for what comes. */
static void test_stretches(void **state)
{
	struct pace pace = answered(0);

	(void)state;
	pace_hear(&pace, 1000000, 0);
	pace_wait(&pace, STRETCH);
	assert_false(pace_is_slow(&pace));
	pace_hear(&pace, 1, 0);
	pace_wait(&pace, STRETCH);
	assert_true(pace_is_slow(&pace));
}

/* Before the first byte of a request there is no rate. */
static void test_first_byte(void **state)
{
	struct pace pace = answered(0);

	(void)state;
	pace_wait(&pace, 10 * STRETCH);
	assert_false(pace_is_slow(&pace));
	pace_hear(&pace, 1, 0);
	pace_wait(&pace, STRETCH - 1);
	assert_false(pace_is_slow(&pace));
	pace_connect(&pace);
	pace_wait(&pace, STRETCH);
	assert_false(pace_is_slow(&pace));
}

/*
 * What the manual page says: 36 MB take 5 hours and 18 minutes at most, if uxmcd.conf
 * says nothing else. A server that keeps just to it is let go on until then.
 */
static void test_longest(void **state)
{
	const uint64_t size = 37916419, second = 1000;
	struct pace pace = answered(0);
	uint64_t now = 0, have = 0;

	(void)state;
	pace.stall_timeout = 30000;
	pace.rate_min = 2000;
	while (have < size) {
		now += second;
		have += 2000;
		pace_wait(&pace, second);
		pace_hear(&pace, 2000, now);
		assert_false(pace_is_slow(&pace));
	}
	assert_in_range(now / 60000, 5 * 60 + 15, 5 * 60 + 18);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connecting),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_job),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_stretches),
		cmocka_unit_test(test_first_byte),
		cmocka_unit_test(test_longest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
