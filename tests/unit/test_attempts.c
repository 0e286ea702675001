// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "attempts.h"
#include "boot.h"
#include "file.h"
#include "text.h"
#include "unit.h"

#define URL		"http://h/snomD7C-1.6.1-r.bin"
#define OTHER_URL	"http://h/snomD7C-1.6.2-r.bin"
#define PORT		"1-1.2"
#define SERIAL		"A1"
#define NOW		1000000ULL
#define PAUSE		3600000ULL

static const struct attempts_target target = { URL, PORT, SERIAL };
static const struct attempts_target fetch = { URL, "", "" };

static void flash(struct attempts *attempts, const struct attempts_target *what,
		  unsigned int times, uint64_t now)
{
	while (times--)
		attempts_flash(attempts, what, "\"1\"", "", now);
}

static uint64_t wait_at(const struct attempts *attempts, uint64_t now)
{
	return attempts_wait(attempts, &target, now);
}

static bool is_worn(const struct attempts *attempts, uint64_t now)
{
	return attempts_worn(attempts, &target, now);
}

static void test_none(void **state)
{
	struct attempts attempts = { 0 };

	(void)state;
	assert_int_equal(wait_at(&attempts, 0), 0);
	assert_int_equal(attempts_day_wait(&attempts, &target, 0), 0);
	assert_false(is_worn(&attempts, 0));
	assert_false(attempts_is_denied(&attempts, &target));
	attempts_succeeded(&attempts, &target);
	attempts_forget(&attempts, &target);
	assert_false(attempts_renew(&attempts, 1, NOW));
	assert_int_equal(attempts.count, 0);
}

static void test_waits(void **state)
{
	struct attempts attempts = { 0 };

	(void)state;
	attempts_failed(&attempts, &target, NOW, PAUSE);
	assert_int_equal(attempts_failures(&attempts, &target), 1);
	assert_int_equal(wait_at(&attempts, NOW), PAUSE);
	assert_int_equal(wait_at(&attempts, NOW + PAUSE - 1), 1);
	assert_int_equal(wait_at(&attempts, NOW + PAUSE), 0);
	assert_int_equal(wait_at(&attempts, UINT64_MAX), 0);
	attempts_failed(&attempts, &target, NOW, 2 * PAUSE);
	assert_int_equal(attempts_failures(&attempts, &target), 2);
	assert_int_equal(wait_at(&attempts, NOW), 2 * PAUSE);
	assert_int_equal(attempts.count, 1);
}

/* Only that URL on that module, which is the same at another port. */
static void test_others(void **state)
{
	static const struct attempts_target others[] = {
		{ OTHER_URL, PORT, SERIAL }, { URL, PORT, "A2" }, { URL, "1-1", "" },
		{ URL, "1-1.2A", "1" }, { URL SERIAL, "", "" }, { "", PORT, SERIAL },
	};
	static const struct attempts_target moved = { URL, "2-7", SERIAL };
	struct attempts attempts = { 0 };
	size_t i;

	(void)state;
	flash(&attempts, &target, ATTEMPTS_FLASHES, NOW);
	attempts_failed(&attempts, &target, NOW, PAUSE);
	attempts_deny(&attempts, &target);
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		assert_int_equal(attempts_wait(&attempts, &others[i], NOW), 0);
		assert_false(attempts_worn(&attempts, &others[i], NOW) &&
			     *others[i].url);
		assert_false(attempts_is_denied(&attempts, &others[i]));
	}
	assert_int_equal(attempts_wait(&attempts, &moved, NOW), PAUSE);
	assert_true(attempts_worn(&attempts, &moved, NOW));
	assert_true(attempts_is_denied(&attempts, &moved));
}

/*
 * One that fell into DFU mode, and has no serial number there, is the one that was
 * flashed at that port last, if there was one.
 */
static void test_nameless(void **state)
{
	static const struct attempts_target dfu = { URL, PORT, "" };
	static const struct attempts_target elsewhere = { URL, "1-1.3", "" };
	static const struct attempts_target other = { URL, PORT, "A2" };
	struct attempts attempts = { 0 };

	(void)state;
	flash(&attempts, &target, ATTEMPTS_FLASHES - 1, NOW);
	attempts_failed(&attempts, &target, NOW, PAUSE);
	assert_int_equal(attempts_wait(&attempts, &dfu, NOW), PAUSE);
	assert_int_equal(attempts_wait(&attempts, &elsewhere, NOW), 0);
	flash(&attempts, &dfu, 1, NOW);
	assert_true(is_worn(&attempts, NOW));
	assert_true(attempts_worn(&attempts, &dfu, NOW));
	assert_false(attempts_worn(&attempts, &elsewhere, NOW));
	flash(&attempts, &dfu, ATTEMPTS_DAILY - ATTEMPTS_FLASHES, NOW);
	assert_int_equal(attempts_day_wait(&attempts, &dfu, NOW), ATTEMPTS_DAY);
	assert_int_equal(attempts_day_wait(&attempts, &target, NOW), ATTEMPTS_DAY);

	flash(&attempts, &other, 1, NOW);
	assert_false(attempts_worn(&attempts, &dfu, NOW));
	assert_true(is_worn(&attempts, NOW));
}

/* One that came without firmware, and shows its serial number once it has some */
static void test_named(void **state)
{
	static const struct attempts_target dfu = { URL, PORT, "" };
	struct attempts attempts = { 0 };

	(void)state;
	flash(&attempts, &dfu, ATTEMPTS_FLASHES, NOW);
	attempts_name(&attempts, &dfu, SERIAL);
	assert_true(is_worn(&attempts, NOW));
	flash(&attempts, &target, ATTEMPTS_DAILY - ATTEMPTS_FLASHES, NOW);
	assert_int_equal(attempts_day_wait(&attempts, &target, NOW), ATTEMPTS_DAY);
	assert_int_equal(attempts.count, 2);

	/* it was known, from another port */
	attempts_forget_all(&attempts);
	flash(&attempts, &target, 1, NOW);
	flash(&attempts, &(struct attempts_target){ URL, "1-2", "" }, 2, NOW);
	attempts_name(&attempts, &(struct attempts_target){ URL, "1-2", "" }, SERIAL);
	assert_true(is_worn(&attempts, NOW));
	assert_int_equal(attempts.count, 2);

	/* it was flashed under either name, and failed last without */
	attempts_forget_all(&attempts);
	flash(&attempts, &dfu, 1, NOW);
	attempts_failed(&attempts, &dfu, NOW, PAUSE);
	flash(&attempts, &(struct attempts_target){ URL, "1-2", SERIAL }, 2, NOW);
	attempts_name(&attempts, &target, SERIAL);
	assert_true(is_worn(&attempts, NOW));
	assert_int_equal(wait_at(&attempts, NOW), PAUSE);
	assert_int_equal(attempts.count, 2);

	/* and that one is not another, which is where it was */
	attempts_name(&attempts, &(struct attempts_target){ URL, "1-2", "" }, "A2");
	assert_true(is_worn(&attempts, NOW));
}

static void test_other_image(void **state)
{
	static const struct {
		const char *etag, *modified;
		const char *now, *now_modified;
		bool other;
	} cases[] = {
		{ "\"1\"", "", "\"1\"", "", false },
		{ "\"1\"", "", "\"2\"", "", true },
		{ "\"1\"", "", "W/\"1\"", "", false },
		{ "\"1\"", "", "W/\"2\"", "", true },
		{ "\"1\"", "", "", "", false },
		{ "\"1\"", "Mon", "\"1\"", "Tue", false },
		{ "\"1\"", "Mon", "", "Tue", true },
		{ "\"1\"", "Mon", "", "Mon", false },
		{ "", "Mon", "\"1\"", "Mon", false },
		{ "", "Mon", "", "Tue", true },
		{ "", "", "\"1\"", "Tue", false },
	};
	struct attempt attempt = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		strcpy(attempt.etag, cases[i].etag);
		strcpy(attempt.modified, cases[i].modified);
		assert_int_equal(attempts_is_other(&attempt, cases[i].now,
						   cases[i].now_modified),
				 cases[i].other);
	}
}

/* Without a serial number the port is what it is known by. */
static void test_no_serial(void **state)
{
	static const struct attempts_target here = { URL, "1-1", "" };
	static const struct attempts_target there = { URL, "1-2", "" };
	struct attempts attempts = { 0 };

	(void)state;
	flash(&attempts, &here, ATTEMPTS_FLASHES, NOW);
	assert_true(attempts_worn(&attempts, &here, NOW));
	assert_false(attempts_worn(&attempts, &there, NOW));
}

/* A fetch that failed holds for each module; the longer wait counts. */
static void test_fetch(void **state)
{
	struct attempts attempts = { 0 };

	(void)state;
	attempts_failed(&attempts, &fetch, NOW, PAUSE);
	assert_int_equal(attempts_wait(&attempts, &fetch, NOW), PAUSE);
	assert_int_equal(wait_at(&attempts, NOW), PAUSE);
	attempts_failed(&attempts, &target, NOW + 1000, PAUSE);
	assert_int_equal(wait_at(&attempts, NOW), PAUSE + 1000);
	attempts_failed(&attempts, &fetch, NOW, 3 * PAUSE);
	assert_int_equal(wait_at(&attempts, NOW), 3 * PAUSE);
	assert_false(is_worn(&attempts, NOW));

	attempts_succeeded(&attempts, &target);
	assert_int_equal(attempts_wait(&attempts, &fetch, NOW), 0);
	assert_int_equal(wait_at(&attempts, NOW), 0);
}

/* Well or not: three times, and then only after a week that nothing went wrong in. */
static void test_worn(void **state)
{
	struct attempts attempts = { 0 };
	unsigned int i;

	(void)state;
	for (i = 0; i < ATTEMPTS_FLASHES; i++) {
		assert_false(is_worn(&attempts, NOW));
		flash(&attempts, &target, 1, NOW);
		attempts_succeeded(&attempts, &target);
	}
	assert_true(is_worn(&attempts, NOW));
	assert_true(is_worn(&attempts, NOW + ATTEMPTS_WEEK - 1));
	assert_false(is_worn(&attempts, NOW + ATTEMPTS_WEEK));
	flash(&attempts, &target, 1, NOW + ATTEMPTS_WEEK);
	assert_false(is_worn(&attempts, NOW + ATTEMPTS_WEEK));

	flash(&attempts, &target, 2, NOW + ATTEMPTS_WEEK);
	attempts_failed(&attempts, &target, NOW + ATTEMPTS_WEEK, 1);
	assert_true(is_worn(&attempts, NOW + 100 * ATTEMPTS_WEEK));
}

/* Another image has tries of its own, but not within a day. */
static void test_renewed(void **state)
{
	struct attempts attempts = { 0 };
	const struct attempt *worn;
	uint64_t later = NOW + ATTEMPTS_DAY;

	(void)state;
	flash(&attempts, &target, ATTEMPTS_FLASHES, NOW);
	attempts_failed(&attempts, &target, NOW, 1);
	worn = attempts_worn(&attempts, &target, later);
	assert_non_null(worn);
	assert_string_equal(worn->etag, "\"1\"");
	assert_false(attempts_renew(&attempts, worn->target, later - 1));
	assert_true(is_worn(&attempts, later));
	assert_true(attempts_renew(&attempts, worn->target, later));
	assert_false(is_worn(&attempts, later));
}

/* The same where it shows when it is fetched: a server that says so each time. */
static void test_new_image(void **state)
{
	struct attempts attempts = { 0 };
	char etag[16];
	unsigned int i;

	(void)state;
	for (i = 0; i < ATTEMPTS_FLASHES; i++) {
		text_format(etag, sizeof(etag), "\"%u\"", i);
		attempts_flash(&attempts, &target, etag, "", NOW + i);
		attempts_failed(&attempts, &target, NOW + i, 1);
	}
	assert_true(is_worn(&attempts, NOW + i));

	/* one that was new a day later is the first of its kind */
	attempts_forget_all(&attempts);
	flash(&attempts, &target, 2, NOW);
	attempts_failed(&attempts, &target, NOW, 1);
	attempts_flash(&attempts, &target, "\"2\"", "", NOW + ATTEMPTS_DAY);
	assert_false(is_worn(&attempts, NOW + ATTEMPTS_DAY));
	flash(&attempts, &target, 2, NOW + ATTEMPTS_DAY + 1);
	assert_true(is_worn(&attempts, NOW + ATTEMPTS_DAY + 1));
}

/* The same module, and a URL of which that is the number */
static struct attempts_target numbered(unsigned int number)
{
	static char url[32];

	text_format(url, sizeof(url), "http://h/%u", number);
	return (struct attempts_target){ url, target.port, target.serial };
}

/* Not more often on a day, whatever the URLs are. */
static void test_day(void **state)
{
	struct attempts attempts = { 0 };
	struct attempts_target other;
	unsigned int i;

	(void)state;
	for (i = 0; i < ATTEMPTS_DAILY; i++) {
		assert_int_equal(attempts_day_wait(&attempts, &target, NOW), 0);
		other = numbered(i);
		flash(&attempts, &other, 1, NOW);
		attempts_succeeded(&attempts, &other);
	}
	assert_int_equal(attempts_day_wait(&attempts, &target, NOW), ATTEMPTS_DAY);
	assert_int_equal(attempts_day_wait(&attempts, &target,
					   NOW + ATTEMPTS_DAY - 1), 1);
	assert_int_equal(attempts_day_wait(&attempts, &target, NOW + ATTEMPTS_DAY),
			 0);
	flash(&attempts, &target, 1, NOW + ATTEMPTS_DAY);
	assert_int_equal(attempts_day_wait(&attempts, &target, NOW + ATTEMPTS_DAY),
			 0);
}

/* Wherever the day begins: those of its end count for the next one, too. */
static void test_any_day(void **state)
{
	uint64_t late = NOW + ATTEMPTS_DAY - 10;
	struct attempts attempts = { 0 };

	(void)state;
	flash(&attempts, &target, 1, NOW);
	flash(&attempts, &target, ATTEMPTS_DAILY - 1, late);
	assert_int_equal(attempts_day_wait(&attempts, &target, NOW + ATTEMPTS_DAY),
			 ATTEMPTS_DAY - 10);
}

/* However many others there are, the day of a module that is flashed stays. */
static void test_many(void **state)
{
	struct attempts attempts = { 0 };
	struct attempts_target other;
	unsigned int i;

	(void)state;
	for (i = 0; i < 3 * ATTEMPTS_MAX; i++) {
		other = numbered(i);
		flash(&attempts, &other, 1, NOW);
	}
	assert_int_equal(attempts.count, ATTEMPTS_MAX);
	assert_int_equal(attempts_day_wait(&attempts, &target, NOW), ATTEMPTS_DAY);
}

/* What a server can have any number of pushes out none of what counts. */
static void test_many_failures(void **state)
{
	static const struct attempts_target denied = { OTHER_URL, PORT, SERIAL };
	struct attempts attempts = { 0 };
	struct attempts_target other;
	unsigned int i;

	(void)state;
	flash(&attempts, &target, ATTEMPTS_DAILY, NOW);
	attempts_deny(&attempts, &denied);
	for (i = 0; i < 3 * ATTEMPTS_MAX; i++) {
		other = numbered(i);
		other.port = "";
		other.serial = "";
		attempts_failed(&attempts, &other, NOW, PAUSE);
		assert_int_equal(attempts_wait(&attempts, &other, NOW), PAUSE);
	}
	assert_int_equal(attempts.count, ATTEMPTS_MAX);
	assert_true(is_worn(&attempts, NOW));
	assert_int_equal(attempts_day_wait(&attempts, &target, NOW), ATTEMPTS_DAY);
	assert_true(attempts_is_denied(&attempts, &denied));
}

static void test_asked(void **state)
{
	struct attempts attempts = { 0 };
	static const struct attempts_target other = { OTHER_URL, PORT, "A2" };

	(void)state;
	flash(&attempts, &target, ATTEMPTS_DAILY, NOW);
	attempts_failed(&attempts, &target, NOW, PAUSE);
	attempts_failed(&attempts, &fetch, NOW, PAUSE);
	attempts_deny(&attempts, &target);
	attempts_deny(&attempts, &other);
	attempts_forget(&attempts, &target);
	assert_int_equal(wait_at(&attempts, NOW), 0);
	assert_int_equal(attempts_day_wait(&attempts, &target, NOW), 0);
	assert_false(is_worn(&attempts, NOW));
	assert_false(attempts_is_denied(&attempts, &target));
	assert_true(attempts_is_denied(&attempts, &other));
	attempts_forget_all(&attempts);
	assert_false(attempts_is_denied(&attempts, &other));
}

static void load(struct attempts *attempts, int dir, uint64_t now)
{
	memset(attempts, 'x', sizeof(*attempts));
	assert_int_equal(attempts_load(attempts, dir, now), 0);
}

static void test_stored(void **state)
{
	struct attempts attempts = { 0 }, loaded;
	int dir = unit_dir(state);

	load(&loaded, dir, NOW);
	assert_int_equal(loaded.count, 0);
	attempts_flash(&attempts, &target, "\"a b\"", "Sat, 14 Nov", NOW);
	attempts_failed(&attempts, &target, NOW + 1, PAUSE);
	attempts_failed(&attempts, &fetch, NOW + 2, PAUSE);
	attempts_deny(&attempts, &target);
	assert_int_equal(attempts_store(&attempts, dir, NOW + 4), 0);
	load(&loaded, dir, NOW + 5);
	assert_int_equal(loaded.count, attempts.count);
	assert_memory_equal(loaded.list, attempts.list,
			    loaded.count * sizeof(loaded.list[0]));
}

/* Of another boot, at a time that is not known: as if it were just now. */
static void test_other_boot(void **state)
{
	static const char text[] =
		"uxmcd-attempts 1\n"
		"boot=6b6b3f0e-6d0e-4a61-8d66-1d0f3f3b5d10\n"
		"attempt=%llu\t3\t2\t0\t900000000\t900000007\t3600000\t\"1\"\t\t7\n"
		"end\n";
	char file[512];
	struct attempts attempts = { 0 };
	int dir = unit_dir(state);

	attempts_deny(&attempts, &target);
	text_format(file, sizeof(file), text,
		    (unsigned long long)attempts.list[0].target);
	unit_write(dir, "attempts", file);
	load(&attempts, dir, NOW);
	assert_int_equal(wait_at(&attempts, NOW), PAUSE);
	assert_true(is_worn(&attempts, NOW));
	assert_false(attempts_renew(&attempts, attempts.list[0].target,
				    NOW + ATTEMPTS_DAY - 1));
}

/*
 * A phone that is switched off each night does not begin anew each day, and a fleet that
 * was switched off is not in step then: what was before goes on.
 */
static void test_clock_goes_on(void **state)
{
	static const char text[] =
		"uxmcd-attempts 1\n"
		"boot=6b6b3f0e-6d0e-4a61-8d66-1d0f3f3b5d10\n"
		"earlier=7\nclock=%llu\n"
		"attempt=%llu\t3\t1\t0\t1000\t1000\t3600000\t\"1\"\t\t7\n"
		"end\n";
	uint64_t before = ATTEMPTS_DAY - NOW - 1;	/* the start of uxmcd */
	char file[512];
	struct attempts attempts = { 0 };
	uint64_t which;
	int dir = unit_dir(state);

	attempts_deny(&attempts, &target);
	which = attempts.list[0].target;
	text_format(file, sizeof(file), text, 1000ULL + before,
		    (unsigned long long)which);
	unit_write(dir, "attempts", file);
	load(&attempts, dir, NOW);
	assert_int_equal(wait_at(&attempts, NOW), 0);
	assert_false(attempts_renew(&attempts, which, NOW));

	/* and within this boot it is what it is */
	assert_int_equal(attempts_store(&attempts, dir, NOW), 0);
	load(&attempts, dir, NOW);
	assert_int_equal(attempts.earlier, 1000 + before);
	assert_false(attempts_renew(&attempts, which, NOW));
	assert_true(attempts_renew(&attempts, which, NOW + 1));
}

/* For the time alone once an hour is enough. */
static void test_time_is_stored(void **state)
{
	struct attempts attempts = { 0 };
	int dir = unit_dir(state);

	assert_int_equal(attempts_store_time(&attempts, dir, ATTEMPTS_TICK - 1), 0);
	assert_false(unit_exists(dir, "attempts"));
	assert_int_equal(attempts_store_time(&attempts, dir, ATTEMPTS_TICK), 0);
	assert_true(unit_exists(dir, "attempts"));
	assert_int_equal(attempts.stored, ATTEMPTS_TICK);
	assert_int_equal(attempts_store_time(&attempts, -1, 2 * ATTEMPTS_TICK - 1),
			 0);
	assert_int_equal(attempts_store_time(&attempts, -1, 2 * ATTEMPTS_TICK),
			 -EBADF);
	assert_int_equal(attempts.stored, ATTEMPTS_TICK);
}

static void test_damaged(void **state)
{
	struct attempts attempts;
	int dir = unit_dir(state);

	unit_write(dir, "attempts", "uxmcd-attempts 1\nboot=x\nattempt=1\t2\n");
	assert_int_equal(attempts_load(&attempts, dir, NOW), -EINVAL);
	assert_int_equal(attempts.count, 0);
	assert_true(unit_exists(dir, "attempts.damaged"));
}

/* A key of a later version, and a line that makes no sense, cost themselves. */
static void test_later_version(void **state)
{
	struct attempts attempts;
	int dir = unit_dir(state);

	unit_write(dir, "attempts",
		   "uxmcd-attempts 1\nboot=x\nnew=1\nattempt=rubbish\n"
		   "attempt=7\t1\t0\t1\t5\t6\t7\t\t\t8\tnew\nend\n");
	load(&attempts, dir, NOW);
	assert_int_equal(attempts.count, 1);
	assert_int_equal(attempts.list[0].target, 7);
	assert_true(attempts.list[0].denied);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, unit_make_dir, unit_remove_dir)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none), cmocka_unit_test(test_waits),
		cmocka_unit_test(test_others), cmocka_unit_test(test_other_image),
		cmocka_unit_test(test_no_serial),
		cmocka_unit_test(test_fetch), cmocka_unit_test(test_worn),
		cmocka_unit_test(test_renewed), cmocka_unit_test(test_new_image),
		cmocka_unit_test(test_day), cmocka_unit_test(test_many),
		cmocka_unit_test(test_nameless), cmocka_unit_test(test_named),
		TEST(test_clock_goes_on), TEST(test_time_is_stored),
		cmocka_unit_test(test_any_day), cmocka_unit_test(test_many_failures),
		cmocka_unit_test(test_asked), TEST(test_stored),
		TEST(test_other_boot), TEST(test_damaged), TEST(test_later_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
