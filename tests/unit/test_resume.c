// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "resume.h"
#include "text.h"
#include "unit.h"

#define URL	"http://h/snomD7C-1.6.1-r.bin"
#define NAME	"snomD7C-1.6.1-r.bin"

struct resume_case {
	enum journal_step step;
	struct module module;
	enum resume expected;
};

#define AT(state_)	.state = UXMC_STATE_##state_, .url = URL, .file = NAME, \
			.version = "1.1.1"

static const struct resume_case cases[] = {
	/* the driver knows nothing of it: a power cut, or it was never told */
	{ JOURNAL_FETCH, { .state = UXMC_STATE_IDLE, .version = "1.1.1" },
	  RESUME_AGAIN },
	{ JOURNAL_FLASH, { .state = UXMC_STATE_IDLE, .version = "1.1.1" },
	  RESUME_AGAIN },
	{ JOURNAL_FLASH, { .state = UXMC_STATE_IDLE,
			   .mode = UXMC_MODE_DFU }, RESUME_AGAIN },
	{ JOURNAL_FLASH, { .state = UXMC_STATE_IDLE, .version = "1.6.1" },
	  RESUME_FINISH },
	{ JOURNAL_FETCH, { .state = UXMC_STATE_IDLE, .version = "1.6.1" },
	  RESUME_AGAIN },

	/* it waits for uxmcd still */
	{ JOURNAL_FETCH, { AT(REQUESTED) }, RESUME_AGAIN },
	{ JOURNAL_FETCH, { AT(FETCHING) }, RESUME_AGAIN },
	{ JOURNAL_FLASH, { AT(FETCHING) }, RESUME_AGAIN },
	{ JOURNAL_FETCH, { .state = UXMC_STATE_REQUESTED, .url = "http://h/x" },
	  RESUME_DROP },

	/* the driver is at work */
	{ JOURNAL_FLASH, { AT(VERIFYING) }, RESUME_FOLLOW },
	{ JOURNAL_FLASH, { AT(DETACHING) }, RESUME_FOLLOW },
	{ JOURNAL_FLASH, { AT(DOWNLOADING) }, RESUME_FOLLOW },
	{ JOURNAL_FLASH, { AT(MANIFESTING) }, RESUME_FOLLOW },
	{ JOURNAL_FLASH, { AT(REBOOTING), .away = true }, RESUME_FOLLOW },
	{ JOURNAL_FLASH, { .state = UXMC_STATE_DOWNLOADING, .file = "x" },
	  RESUME_DROP },

	/* it ended meanwhile */
	{ JOURNAL_FLASH, { AT(DONE) }, RESUME_FINISH },
	{ JOURNAL_FLASH, { .state = UXMC_STATE_DONE, .file = "x" },
	  RESUME_DROP },
	{ JOURNAL_FETCH, { AT(DONE) }, RESUME_AGAIN },
	{ JOURNAL_FLASH, { AT(FAILED), .error = EBADMSG,
			   .message = "verifying: bad suffix" }, RESUME_FAIL },
	{ JOURNAL_FETCH, { AT(FAILED), .error = ECANCELED,
			   .message = "fetching: cancelled" }, RESUME_FAIL },
	{ JOURNAL_FLASH, { AT(FAILED), .error = ECANCELED,
			   .message = "verifying: cancelled" }, RESUME_FAIL },

	/* it failed because uxmcd was away, or is about something older */
	{ JOURNAL_FETCH, { AT(FAILED), .error = ETIMEDOUT,
			   .message = "fetching: silence" }, RESUME_AGAIN },
	{ JOURNAL_FETCH, { AT(FAILED), .error = ETIMEDOUT,
			   .message = "requested: nobody" }, RESUME_AGAIN },
	{ JOURNAL_FLASH, { AT(FAILED), .error = ETIMEDOUT,
			   .message = "downloading: no answer" }, RESUME_FAIL },
	{ JOURNAL_FETCH, { .state = UXMC_STATE_FAILED, .url = "http://h/x",
			   .error = ECANCELED }, RESUME_AGAIN },

	/* the module itself refused it: it would again */
	{ JOURNAL_FLASH, { AT(FAILED), .mode = UXMC_MODE_DFU, .error = EPROTO,
			   .message = "manifesting: errVERIFY" }, RESUME_FAIL },

	/* it lost its firmware: it gets it back */
	{ JOURNAL_FLASH, { AT(FAILED), .mode = UXMC_MODE_DFU, .error = ENODEV,
			   .message = "downloading: unplugged" }, RESUME_AGAIN },
};

static void test_table(void **state)
{
	struct journal journal = {
		.url = URL,
		.name = NAME,
		.expect = "1.6.1",
		.from = "1.1.1",
		.announced = 1,
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		enum resume found;

		journal.step = cases[i].step;
		found = resume_decide(&journal, &cases[i].module);
		if (found != cases[i].expected)
			fail_msg("case %zu (%s, module %s): %d", i,
				 journal_step_name(cases[i].step),
				 module_state_name(cases[i].module.state),
				 found);
	}
}

/* Before the driver knows of a job, a failure that it shows is an older one. */
static void test_not_announced(void **state)
{
	const struct module module = {
		AT(FAILED), .error = EBADMSG, .message = "verifying: bad suffix"
	};
	struct journal journal = {
		.step = JOURNAL_FETCH, .url = URL, .name = NAME,
		.expect = "1.6.1", .from = "1.1.1",
	};

	(void)state;
	assert_int_equal(resume_decide(&journal, &module), RESUME_AGAIN);
	journal.announced = 1;
	assert_int_equal(resume_decide(&journal, &module), RESUME_FAIL);
}

/* Flashing the same version again is not taken for done by the version alone. */
static void test_same_version(void **state)
{
	struct journal journal = {
		.step = JOURNAL_FLASH, .url = URL, .name = NAME,
		.expect = "1.6.1", .from = "1.6.1",
	};
	struct module module = {
		.state = UXMC_STATE_IDLE, .version = "1.6.1",
	};

	(void)state;
	assert_int_equal(resume_decide(&journal, &module), RESUME_AGAIN);
}

static void expect_under_way(enum uxmc_state state_, const char *url,
			     const char *version, enum resume before,
			     enum resume at)
{
	struct journal journal = {
		.url = URL, .name = NAME, .expect = "1.6.1", .from = "1.1.1",
	};
	struct module module = { .state = state_ };

	text_copy(module.url, sizeof(module.url), url);
	text_copy(module.version, sizeof(module.version), version);
	assert_int_equal(resume_before_flash(&journal, &module), before);
	assert_int_equal(resume_at_flash(&journal, &module), at);
}

/* While it is fetched the driver waits; while it is flashed it is at work. */
static void test_under_way(void **state)
{
	(void)state;
	expect_under_way(UXMC_STATE_REQUESTED, URL, "1.1.1",
			 RESUME_FOLLOW, RESUME_DROP);
	expect_under_way(UXMC_STATE_FETCHING, URL, "1.1.1",
			 RESUME_FOLLOW, RESUME_DROP);
	expect_under_way(UXMC_STATE_FETCHING, "http://h/x", "1.1.1",
			 RESUME_DROP, RESUME_DROP);
	expect_under_way(UXMC_STATE_IDLE, URL, "1.1.1",
			 RESUME_DROP, RESUME_DROP);
	expect_under_way(UXMC_STATE_REQUESTED, URL, "1.6.1",
			 RESUME_FOLLOW, RESUME_FINISH);
	expect_under_way(UXMC_STATE_VERIFYING, URL, "1.1.1",
			 RESUME_DROP, RESUME_FOLLOW);
	expect_under_way(UXMC_STATE_REBOOTING, URL, "1.1.1",
			 RESUME_DROP, RESUME_FOLLOW);
	expect_under_way(UXMC_STATE_DONE, URL, "1.6.1",
			 RESUME_DROP, RESUME_FINISH);
	expect_under_way(UXMC_STATE_FAILED, URL, "1.1.1",
			 RESUME_FAIL, RESUME_FAIL);
}

static void test_module_is_at(void **state)
{
	struct module module = { .port = "1-1", .serial = "A" };

	(void)state;
	assert_true(module_is_at(&module, "1-1", "A"));
	assert_true(module_is_at(&module, "1-1", ""));
	assert_false(module_is_at(&module, "1-1", "B"));
	assert_false(module_is_at(&module, "1-1.1", "A"));
	*module.serial = '\0';
	assert_true(module_is_at(&module, "1-1", "B"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_not_announced),
		cmocka_unit_test(test_same_version),
		cmocka_unit_test(test_under_way),
		cmocka_unit_test(test_module_is_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
