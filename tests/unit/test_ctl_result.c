// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "result.h"
#include "text.h"
#include "unit.h"

#define MODULES_MAX	3

enum end { NONE, IDLE, BUSY, WELL, CANCELLED, FAILED };

static const struct {
	enum end ends[MODULES_MAX];
	enum reply worst;
} cases[] = {
	{ { NONE }, REPLY_OK },
	{ { IDLE, BUSY, WELL }, REPLY_OK },
	{ { CANCELLED }, REPLY_CANCELLED },
	{ { FAILED }, REPLY_FAILED },
	{ { CANCELLED, WELL, IDLE }, REPLY_CANCELLED },
	{ { WELL, CANCELLED }, REPLY_CANCELLED },
	{ { FAILED, WELL, BUSY }, REPLY_FAILED },
	{ { FAILED, CANCELLED }, REPLY_FAILED },
	{ { CANCELLED, FAILED }, REPLY_FAILED },
	{ { CANCELLED, FAILED, CANCELLED }, REPLY_FAILED },
};

static const struct module modules_of[] = {
	[IDLE] = { .state = UXMC_STATE_IDLE },
	[BUSY] = { .state = UXMC_STATE_DOWNLOADING },
	[WELL] = { .state = UXMC_STATE_DONE },
	[CANCELLED] = { .state = UXMC_STATE_FAILED, .error = ECANCELED },
	[FAILED] = { .state = UXMC_STATE_FAILED, .error = EIO },
};

static void test_worst(void **state)
{
	struct module list[MODULES_MAX];
	struct modules modules = { .list = list };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		for (modules.count = 0; modules.count < MODULES_MAX &&
		     cases[i].ends[modules.count] != NONE; modules.count++)
			list[modules.count] =
				modules_of[cases[i].ends[modules.count]];
		assert_int_equal(result_worst(&modules), cases[i].worst);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worst),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
