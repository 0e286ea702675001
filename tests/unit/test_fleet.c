// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A simulation: 10,000 phones boot in the same minute, and look at one server at
 * the times that uxmcd's own code says.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/param.h>

#include "config.h"
#include "schedule.h"
#include "text.h"
#include "unit.h"

#define PHONES		10000
#define SECOND		1000ULL
#define MINUTE		(60 * SECOND)
#define HOUR		(60 * MINUTE)
#define INTERVAL	(2880 * MINUTE)
#define BOOT		MINUTE		/* the time in which all boot */
#define STARTED		(20 * SECOND)	/* from a phone's boot to uxmcd */
#define SPREAD		(CONFIG_SPREAD * SECOND)
#define OUTAGE		HOUR
#define HORIZON		(120 * HOUR)	/* two more looks by each phone */
#define SECONDS		(HORIZON / SECOND)
#define TABLE		9000		/* the seconds that are printed */
#define ROW		600
#define FLEETS		50

enum server {
	SERVER_WELL,
	SERVER_DOWN,	/* for the first hour */
	SERVER_BUSY,	/* likewise, and says in Retry-After when it is back */
};

/* What a fleet does, and what comes of it. */
struct fleet {
	enum server server;
	uint64_t spread;
	bool in_step;	/* retries without chance */
	uint64_t seed;
	uint32_t requests[SECONDS];
};

/* splitmix64: the same numbers everywhere. */
static uint64_t draw(struct fleet *fleet)
{
	uint64_t value = fleet->seed += 0x9e3779b97f4a7c15;

	value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
	value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
	return value ^ (value >> 31);
}

static uint64_t next_look(struct fleet *fleet, uint64_t now,
			  unsigned int *failures)
{
	if (fleet->server == SERVER_WELL || now >= OUTAGE) {
		*failures = 0;
		return INTERVAL;
	}
	return schedule_retry(++*failures, INTERVAL,
			      fleet->server == SERVER_BUSY ? OUTAGE - now : 0,
			      fleet->in_step ? 0 : draw(fleet));
}

static void run_phone(struct fleet *fleet)
{
	uint64_t now = draw(fleet) % BOOT + STARTED;
	unsigned int failures = 0;

	now += schedule_first(STARTED, fleet->spread, draw(fleet));
	while (now < HORIZON) {
		fleet->requests[now / SECOND]++;
		now += next_look(fleet, now, &failures);
	}
}

static void run(struct fleet *fleet)
{
	size_t i;

	memset(fleet->requests, 0, sizeof(fleet->requests));
	for (i = 0; i < PHONES; i++)
		run_phone(fleet);
}

static uint32_t count(const struct fleet *fleet, size_t from, size_t to)
{
	uint32_t sum = 0;

	for (; from < to; from++)
		sum += fleet->requests[from];
	return sum;
}

/* The most requests in any @width seconds, wherever they begin. */
static uint32_t peak(const struct fleet *fleet, size_t width, size_t from,
		     size_t to)
{
	uint32_t sum = count(fleet, from, from + width), most = sum;

	for (from += width; from < to; from++) {
		sum += fleet->requests[from] - fleet->requests[from - width];
		most = MAX(most, sum);
	}
	return most;
}

/*
 * By how much neighbouring ten seconds differ, against what they would if every
 * request came by itself: about 1 then, far more if phones are in step.
 */
static double unevenness(const struct fleet *fleet, size_t from, size_t to)
{
	double differ = 0, expected = 0;

	for (; from + 20 <= to; from += 10) {
		double a = count(fleet, from, from + 10);
		double b = count(fleet, from + 10, from + 20);

		differ += (a - b) * (a - b);
		expected += a + b;
	}
	return differ / expected;
}

/* A server that is well: how many times less the peak is with spreading. */

static const size_t widths[] = { 1, 10, 60 };

/* The worst of many fleets, since a single one may be lucky. */
static void find_factors(uint64_t spread, double factors[])
{
	static struct fleet with, without;
	size_t i, j;

	for (j = 0; j < ARRAY_SIZE(widths); j++)
		factors[j] = PHONES;
	for (i = 0; i < FLEETS; i++) {
		with.spread = spread;
		run(&with);
		run(&without);
		for (j = 0; j < ARRAY_SIZE(widths); j++)
			factors[j] = MIN(factors[j],
					 1.0 * peak(&without, widths[j], 0,
						    SECONDS) /
					 peak(&with, widths[j], 0, SECONDS));
	}
}

static void test_spread(void **state)
{
	static const uint64_t spreads[] = { SPREAD / 2, 2 * SPREAD, SPREAD };
	double factors[ARRAY_SIZE(widths)];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(spreads); i++) {
		find_factors(spreads[i], factors);
		printf("  peak: spread over %4llu s: times less, in the worst of %d fleets: ",
		       (unsigned long long)(spreads[i] / SECOND), FLEETS);
		printf("%.1f in 1 s, %.1f in 10 s, %.1f in a minute\n",
		       factors[0], factors[1], factors[2]);
	}
	/* those of the default */
	assert_true(factors[1] >= 20);
	assert_true(factors[2] >= 20);
}

/* What the server sees, with and without spreading. */

static struct fleet fleets[] = {
	{ SERVER_WELL, 0, true, 1, { 0 } },
	{ SERVER_WELL, SPREAD, false, 2, { 0 } },
	{ SERVER_DOWN, 0, true, 3, { 0 } },
	{ SERVER_DOWN, SPREAD, false, 4, { 0 } },
	{ SERVER_BUSY, 0, true, 5, { 0 } },
	{ SERVER_BUSY, SPREAD, false, 6, { 0 } },
};

static const char * const labels[] = {
	"well, no spreading", "well", "down 1 h, no chance", "down 1 h",
	"Retry-After, no chance", "Retry-After",
};

static int run_fleets(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(fleets); i++)
		run(&fleets[i]);
	return 0;
}

static void print_row(size_t from)
{
	size_t i;

	printf("  %5zu", from / 60);
	for (i = 0; i < ARRAY_SIZE(fleets); i++)
		printf(" | %6.1f %5u %5u",
		       1.0 * count(&fleets[i], from, from + ROW) / ROW,
		       peak(&fleets[i], 1, from, from + ROW),
		       peak(&fleets[i], 10, from, from + ROW));
	printf("\n");
}

static void test_table(void **state)
{
	size_t from, i;

	(void)state;
	printf("  in each ten minutes: requests a second (mean), peak in 1 s, peak in 10 s\n");
	printf("    min");
	for (i = 0; i < ARRAY_SIZE(labels); i++)
		printf(" | %-18.18s", labels[i]);
	printf("\n");
	for (from = 0; from < TABLE; from += ROW)
		print_row(from);
	for (i = 0; i < ARRAY_SIZE(fleets); i++)
		printf("  peak: %-23s %5u in 1 s, %5u in 10 s, %5u in a minute\n",
		       labels[i], peak(&fleets[i], 1, 0, SECONDS),
		       peak(&fleets[i], 10, 0, SECONDS),
		       peak(&fleets[i], 60, 0, SECONDS));
}

/* Each phone looks once, and every two days from then on. */
static void test_well_again(void **state)
{
	const struct fleet *well = &fleets[1];
	size_t interval = INTERVAL / SECOND;
	size_t end = (BOOT + STARTED + SPREAD) / SECOND;

	(void)state;
	assert_int_equal(count(well, 0, end), PHONES);
	assert_int_equal(count(well, 0, SECONDS), 3 * PHONES);
	assert_memory_equal(well->requests, well->requests + interval,
			    end * sizeof(well->requests[0]));
}

static void assert_no_surge(const struct fleet *fleet,
			    const struct fleet *in_step, size_t width)
{
	assert_true(10 * peak(fleet, width, 0, SECONDS) <=
		    peak(in_step, width, 0, SECONDS));
}

/* Retries are not in step: neither while the server is down nor after that. */
static void assert_not_in_step(const struct fleet *fleet, const char *label,
			       const struct fleet *in_step, size_t from)
{
	double uneven = unevenness(fleet, from, TABLE);
	double comparison = unevenness(in_step, from, TABLE);

	printf("  unevenness: %s: %.2f, without chance %.0f\n", label, uneven,
	       comparison);
	assert_true(uneven < 1.5);
	assert_true(comparison > 100);
	assert_no_surge(fleet, in_step, 10);
	assert_no_surge(fleet, in_step, 60);
}

static void test_down(void **state)
{
	(void)state;
	assert_not_in_step(&fleets[3], labels[3], &fleets[2], 0);
	assert_true(peak(&fleets[3], 10, OUTAGE / SECOND, SECONDS) <=
		    peak(&fleets[3], 10, 0, OUTAGE / SECOND));
}

/* All are told the same moment. */
static void test_retry_after(void **state)
{
	size_t back = OUTAGE / SECOND;
	size_t end = back + (OUTAGE + MINUTE) / SECOND;

	(void)state;
	assert_not_in_step(&fleets[5], labels[5], &fleets[4], back);
	/* once to be told when, and once then, within twice the time */
	assert_int_equal(count(&fleets[5], back, end), PHONES);
	assert_true(count(&fleets[5], 0, back) <= PHONES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spread),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_well_again),
		cmocka_unit_test(test_down),
		cmocka_unit_test(test_retry_after),
	};

	return cmocka_run_group_tests(tests, run_fleets, NULL);
}
