// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A simulation: thousands of phones with a module or two, each of which is uxmcd itself
 * with all that is around it faked (tests/fuzz/uxmcd), over a week with a server that is
 * down, broken, busy, slow, lies and changes its mind (server.c), and power cuts.
 *
 * usage: fleet PHONES
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/param.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempts.h"
#include "phone.h"
#include "server.h"
#include "unit.h"

#define WORKERS_MAX	64
#define MEGABYTE	1000000.0

/**
 * struct part - what a worker has found out about its phones
 * @modules: of each kind of phone
 * @right: of these, those that run in the end what they should
 * @most: of any module
 * @flashes: of the most flashed module of each phone
 */
struct part {
	unsigned int modules[PHONE_KINDS];
	unsigned int right[PHONE_KINDS];
	struct wear most;
	uint64_t flashes;
};

static struct fleet {
	struct tally tally;
	struct part parts[WORKERS_MAX];
} *fleet;

static unsigned int phones;
static struct part all;

static void keep_most(struct wear *most, const struct wear *now)
{
	most->flashes = MAX(most->flashes, now->flashes);
	most->day = MAX(most->day, now->day);
	most->day_url = MAX(most->day_url, now->day_url);
	most->image = MAX(most->image, now->image);
}

static void run_some(struct part *part, unsigned int from, unsigned int step)
{
	unsigned int number;

	for (number = from; number < phones; number += step) {
		struct phone phone;

		memset(&wear, 0, sizeof(wear));
		phone = phone_run(number);
		part->modules[number % PHONE_KINDS] += phone.modules;
		part->right[number % PHONE_KINDS] += phone.right;
		part->flashes += wear.flashes;
		keep_most(&part->most, &wear);
	}
}

static void add(const struct part *part)
{
	size_t i;

	for (i = 0; i < PHONE_KINDS; i++) {
		all.modules[i] += part->modules[i];
		all.right[i] += part->right[i];
	}
	all.flashes += part->flashes;
	keep_most(&all.most, &part->most);
}

/* Worker n has every n'th phone: as many of each kind as the others. */
static int run_fleet(void **state)
{
	unsigned int i, workers;
	int status, bad = 0;

	(void)state;
	workers = (unsigned int)MIN(sysconf(_SC_NPROCESSORS_ONLN), WORKERS_MAX);
	fflush(NULL);
	for (i = 0; i < workers; i++) {
		if (fork())
			continue;
		server_count(&fleet->tally);
		run_some(&fleet->parts[i], i, workers);
		exit(EXIT_SUCCESS);
	}
	while (wait(&status) > 0)
		bad |= status;
	for (i = 0; i < workers; i++)
		add(&fleet->parts[i]);
	return bad;
}

static uint32_t worst(size_t from, size_t to)
{
	uint32_t most = 0;

	for (; from < to; from++)
		most = MAX(most, fleet->tally.requests[from]);
	return most;
}

static uint64_t count_requests(void)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < SECONDS; i++)
		sum += fleet->tally.requests[i];
	return sum;
}

static double per_phone(uint64_t count)
{
	return (double)count / phones;
}

/*
 * An hour's spread, and then an hour between two looks: 10,000 are 3 a second, and a few
 * more as some are at images. A server that wants one of each phone a minute has them
 * together in that minute, and those of an hour later, too.
 */
static void test_requests(void **state)
{
	uint32_t usual = worst(0, HOSTILE_FROM * HOUR / 1000);
	uint32_t hostile = worst(HOSTILE_FROM * HOUR / 1000, SECONDS);

	(void)state;
	printf("  requests: %u in the worst second; %u once the server wants one a minute\n",
	       usual, hostile);
	printf("  requests: %.0f of each phone, %.1f for images; %.0f MB to each\n",
	       per_phone(count_requests()), per_phone(fleet->tally.images),
	       per_phone(fleet->tally.bytes) / MEGABYTE);
	assert_true(usual <= 10 + phones / 40);
	assert_true(hostile <= 10 + phones / 15);
}

/* That no module is flashed more often is seen to with each flash (wear.h). */
static void test_flashes(void **state)
{
	const struct wear *most = &all.most;

	(void)state;
	printf("  flashes: at most %u from one URL on a day, %u of one image\n",
	       most->day_url, most->image);
	printf("  flashes: at most %u on a day, %u in the week\n", most->day,
	       most->flashes);
	printf("  flashes: %.1f on average, of the phones' most flashed modules\n",
	       per_phone(all.flashes));
	assert_in_range(most->day_url, 1, ATTEMPTS_FLASHES);
	assert_in_range(most->image, 1, ATTEMPTS_FLASHES);
	assert_in_range(most->day, 1, ATTEMPTS_DAILY);
}

static void test_right(void **state)
{
	static const char * const names[] = {
		[PHONE_ONE]		= "one module",
		[PHONE_NAMELESS]	= "one without serial number",
		[PHONE_CHAIN]		= "chains",
		[PHONE_NAMELESS_CHAIN]	= "chains without serial numbers",
	};
	size_t i;

	(void)state;
	for (i = 0; i < PHONE_KINDS; i++)
		printf("  right: %s: %u of %u run %s\n", names[i], all.right[i],
		       all.modules[i], RIGHT_VERSION);
	for (i = 0; i < PHONE_KINDS; i++)
		assert_int_equal(all.right[i], all.modules[i]);
}

int main(int count, char **args)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests), cmocka_unit_test(test_flashes),
		cmocka_unit_test(test_right),
	};

	phones = count == 2 ? (unsigned int)strtoul(args[1], NULL, 10) : 0;
	if (phones < PHONE_KINDS) {
		fprintf(stderr, "usage: fleet PHONES (at least %d)\n", PHONE_KINDS);
		return 2;
	}
	fleet = mmap(NULL, sizeof(*fleet), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (fleet == MAP_FAILED)
		return 1;
	return cmocka_run_group_tests(tests, run_fleet, NULL);
}
