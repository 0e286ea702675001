// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "attempts.h"
#include "schedule.h"
#include "text.h"
#include "unit.h"

#define URL		"http://h/snomD7C-1.6.1-r.bin"
#define OTHER_URL	"http://h/snomD7C-1.6.2-r.bin"
#define PORT		"1-1.2"
#define SERIAL		"A1"
#define NOW		1000000ULL
#define INTERVAL	(2880 * 60000ULL)

/* Without chance the wait is the shortest that there is. */
#define FIRST		(SCHEDULE_RETRY_FIRST / 2)

static void fail_at(struct attempts *attempts, const char *url,
		    const char *port, const char *serial, uint64_t now)
{
	attempts_failed(attempts, url, port, serial, now, INTERVAL, 0);
}

static void test_none(void **state)
{
	struct attempts attempts = { 0 };

	(void)state;
	assert_int_equal(attempts_wait(&attempts, URL, PORT, SERIAL, 0), 0);
	attempts_succeeded(&attempts, URL, PORT, SERIAL);
	assert_int_equal(attempts.count, 0);
}

static void test_waits(void **state)
{
	struct attempts attempts = { 0 };

	(void)state;
	fail_at(&attempts, URL, PORT, SERIAL, NOW);
	assert_int_equal(attempts_wait(&attempts, URL, PORT, SERIAL, NOW),
			 FIRST);
	assert_int_equal(attempts_wait(&attempts, URL, PORT, SERIAL,
				       NOW + FIRST - 1), 1);
	assert_int_equal(attempts_wait(&attempts, URL, PORT, SERIAL,
				       NOW + FIRST), 0);
	assert_int_equal(attempts_wait(&attempts, URL, PORT, SERIAL,
				       UINT64_MAX), 0);
}

/* Twice as long each time, even if it has been waited for; no more than that. */
static void test_doubles(void **state)
{
	struct attempts attempts = { 0 };
	uint64_t now = NOW, wanted = FIRST;
	unsigned int i;

	(void)state;
	for (i = 0; i < 20; i++) {
		fail_at(&attempts, URL, PORT, SERIAL, now);
		assert_int_equal(attempts_wait(&attempts, URL, PORT, SERIAL,
					       now), wanted);
		now += wanted;
		wanted *= 2;
		if (wanted > INTERVAL / 2)
			wanted = INTERVAL / 2;
	}
	assert_int_equal(attempts.count, 1);
}

static void test_chance(void **state)
{
	struct attempts attempts = { 0 };

	(void)state;
	attempts_failed(&attempts, URL, PORT, SERIAL, NOW, INTERVAL, 12345);
	assert_int_equal(attempts_wait(&attempts, URL, PORT, SERIAL, NOW),
			 FIRST + 12345);
}

/* Only that URL on that module. */
static void test_others(void **state)
{
	static const char * const others[][3] = {
		{ OTHER_URL, PORT, SERIAL }, { URL, "1-1", SERIAL },
		{ URL, PORT, "A2" }, { URL, PORT, "" }, { URL, "", SERIAL },
		{ URL, "1-1.2A", "1" }, { URL, "1-1.", "2A1" },
		{ URL "1", "-1.2", SERIAL }, { URL PORT SERIAL, "", "" },
		{ "", PORT, SERIAL },
	};
	struct attempts attempts = { 0 };
	size_t i;

	(void)state;
	fail_at(&attempts, URL, PORT, SERIAL, NOW);
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		assert_int_equal(attempts_wait(&attempts, others[i][0],
					       others[i][1], others[i][2],
					       NOW), 0);
		attempts_succeeded(&attempts, others[i][0], others[i][1],
				   others[i][2]);
	}
	assert_int_equal(attempts.count, 1);
}

/* A fetch that failed holds for each module; the longer wait counts. */
static void test_fetch(void **state)
{
	struct attempts attempts = { 0 };

	(void)state;
	fail_at(&attempts, URL, "", "", NOW);
	assert_int_equal(attempts_wait(&attempts, URL, "", "", NOW), FIRST);
	assert_int_equal(attempts_wait(&attempts, URL, PORT, SERIAL, NOW),
			 FIRST);
	assert_int_equal(attempts_wait(&attempts, OTHER_URL, PORT, SERIAL,
				       NOW), 0);

	fail_at(&attempts, URL, PORT, SERIAL, NOW + 1000);
	assert_int_equal(attempts_wait(&attempts, URL, PORT, SERIAL, NOW),
			 FIRST + 1000);
	fail_at(&attempts, URL, "", "", NOW);
	assert_int_equal(attempts_wait(&attempts, URL, PORT, SERIAL, NOW),
			 2 * FIRST);
}

static void test_succeeded(void **state)
{
	struct attempts attempts = { 0 };

	(void)state;
	fail_at(&attempts, URL, PORT, SERIAL, NOW);
	fail_at(&attempts, URL, PORT, "A2", NOW);
	fail_at(&attempts, URL, "", "", NOW);

	/* the fetch alone */
	attempts_succeeded(&attempts, URL, "", "");
	assert_int_equal(attempts_wait(&attempts, URL, "", "", NOW), 0);
	assert_int_equal(attempts_wait(&attempts, URL, PORT, SERIAL, NOW),
			 FIRST);

	/* the update, and so the fetch */
	fail_at(&attempts, URL, "", "", NOW);
	attempts_succeeded(&attempts, URL, PORT, SERIAL);
	assert_int_equal(attempts_wait(&attempts, URL, PORT, SERIAL, NOW), 0);
	assert_int_equal(attempts_wait(&attempts, URL, PORT, "A2", NOW),
			 FIRST);
	assert_int_equal(attempts.count, 1);

	/* and it begins from the start */
	fail_at(&attempts, URL, PORT, SERIAL, NOW);
	assert_int_equal(attempts_wait(&attempts, URL, PORT, SERIAL, NOW),
			 FIRST);
}

static void serial_of(char serial[8], unsigned int number)
{
	snprintf(serial, 8, "S%u", number);
}

/* The one whose last failure is the longest ago goes. */
static void test_full(void **state)
{
	struct attempts attempts = { 0 };
	char serial[8];
	unsigned int i;

	(void)state;
	for (i = 0; i < ATTEMPTS_MAX; i++) {
		serial_of(serial, i);
		fail_at(&attempts, URL, PORT, serial, NOW);
	}
	fail_at(&attempts, URL, PORT, "S0", NOW);
	fail_at(&attempts, URL, PORT, "new", NOW);
	assert_int_equal(attempts.count, ATTEMPTS_MAX);
	assert_int_equal(attempts_wait(&attempts, URL, PORT, "S0", NOW),
			 2 * FIRST);
	assert_int_equal(attempts_wait(&attempts, URL, PORT, "S1", NOW), 0);
	for (i = 2; i < ATTEMPTS_MAX; i++) {
		serial_of(serial, i);
		assert_int_equal(attempts_wait(&attempts, URL, PORT, serial,
					       NOW), FIRST);
	}
	assert_int_equal(attempts_wait(&attempts, URL, PORT, "new", NOW),
			 FIRST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_waits),
		cmocka_unit_test(test_doubles),
		cmocka_unit_test(test_chance),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_fetch),
		cmocka_unit_test(test_succeeded),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
