// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "schedule.h"
#include "text.h"
#include "unit.h"

#define MINUTE	60000ULL
#define HOUR	(60 * MINUTE)
#define DAY	(24 * HOUR)

/* Delays between @least and @most, both of which occur. */
struct range_case {
	uint64_t least;
	uint64_t most;
	unsigned int failures;
	uint64_t interval;
	uint64_t retry_after;
};

static const struct range_case retries[] = {
	/* doubled each time, up to the interval */
	{ MINUTE / 2, MINUTE, 1, 2 * DAY, 0 },
	{ MINUTE, 2 * MINUTE, 2, 2 * DAY, 0 },
	{ 2 * MINUTE, 4 * MINUTE, 3, 2 * DAY, 0 },
	{ 512 * MINUTE, 1024 * MINUTE, 11, 2 * DAY, 0 },
	{ 1024 * MINUTE, 2048 * MINUTE, 12, 2 * DAY, 0 },
	{ DAY, 2 * DAY, 13, 2 * DAY, 0 },
	{ DAY, 2 * DAY, 4000000000U, 2 * DAY, 0 },
	{ 5 * MINUTE, 10 * MINUTE, 5, 10 * MINUTE, 0 },

	/* an interval shorter than the first retry */
	{ 500, 1000, 1, 1000, 0 },
	{ 500, 1000, 9, 1000, 0 },

	/* no regular looks: a day */
	{ MINUTE / 2, MINUTE, 1, 0, 0 },
	{ DAY / 2, DAY, 12, 0, 0 },
	{ DAY / 2, DAY, 4000000000U, 0, 0 },

	/* Retry-After */
	{ MINUTE / 2, MINUTE, 1, 2 * DAY, 1 },
	{ MINUTE / 2, MINUTE, 1, 2 * DAY, MINUTE / 2 },
	{ HOUR, 2 * HOUR, 1, 2 * DAY, HOUR },
	{ HOUR, 2 * HOUR, 1, 10 * MINUTE, HOUR },
	{ DAY, 2 * DAY, 1, 2 * DAY, DAY },
	{ DAY, 2 * DAY, 1, 2 * DAY, 7 * DAY },
	{ DAY, 2 * DAY, 1, 2 * DAY, UINT64_MAX },
	{ 512 * MINUTE, 1024 * MINUTE, 11, 2 * DAY, HOUR },
};

static void assert_retry(const struct range_case *now, uint64_t random)
{
	uint64_t delay = schedule_retry(now->failures, now->interval,
					now->retry_after, random);

	assert_in_range(delay, now->least, now->most);
}

static void test_retry(void **state)
{
	const struct range_case *now;
	uint64_t width, random;

	(void)state;
	for (now = retries; now < retries + ARRAY_SIZE(retries); now++) {
		width = now->most - now->least;
		for (random = 1; random; random <<= 1) {
			assert_retry(now, random);
			assert_retry(now, random - 1);
			assert_retry(now, UINT64_MAX - random);
		}
		assert_int_equal(schedule_retry(now->failures, now->interval,
						now->retry_after, 0),
				 now->least);
		assert_int_equal(schedule_retry(now->failures, now->interval,
						now->retry_after, width),
				 now->most);
	}
}

static void test_offline(void **state)
{
	uint64_t longest = schedule_longest(2 * DAY, ENETUNREACH);

	(void)state;
	assert_int_equal(longest, 10 * MINUTE);
	assert_int_equal(schedule_longest(0, EHOSTUNREACH), 10 * MINUTE);
	assert_int_equal(schedule_longest(MINUTE, EHOSTUNREACH), MINUTE);
	/* However long that lasts */
	assert_in_range(schedule_retry(4000000000U, longest, 0, UINT64_MAX),
			5 * MINUTE, 10 * MINUTE);
	/* A server that is down is spared. */
	assert_int_equal(schedule_longest(2 * DAY, ECONNREFUSED), 2 * DAY);
	assert_int_equal(schedule_longest(2 * DAY, ETIMEDOUT), 2 * DAY);
	assert_int_equal(schedule_longest(0, EREMOTEIO), 0);
}

static void test_wait(void **state)
{
	(void)state;
	assert_int_equal(schedule_wait(0, UINT64_MAX), 0);
	assert_int_equal(schedule_wait(800, 0), 800);
	assert_int_equal(schedule_wait(800, 400), 1200);
	assert_int_equal(schedule_wait(800, 401), 800);
}

static void test_first(void **state)
{
	static const struct {
		uint64_t uptime;
		uint64_t spread;
		uint64_t random;
		uint64_t delay;
	} cases[] = {
		/* just booted */
		{ 0, 1800000, 0, 0 },
		{ 0, 1800000, 1799999, 1799999 },
		{ 0, 1800000, 1800000, 0 },
		{ 20000, 1800000, 1800001, 1 },
		{ 1799999, 1800000, 1799999, 1799999 },
		{ 0, 1, UINT64_MAX, 0 },

		/* booted long ago */
		{ 1800000, 1800000, 1799999, 0 },
		{ UINT64_MAX, 1800000, 1799999, 0 },

		/* no spreading */
		{ 0, 0, 1799999, 0 },
		{ 20000, 0, UINT64_MAX, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(schedule_first(cases[i].uptime,
						cases[i].spread,
						cases[i].random),
				 cases[i].delay);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first), cmocka_unit_test(test_wait),
		cmocka_unit_test(test_retry),
		cmocka_unit_test(test_offline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
