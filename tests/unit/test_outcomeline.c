// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "outcomeline.h"
#include "unit.h"

#define DONE_WHO	"update module=uxmc0 port=1-1.2 serial=0004132F0001 model=D7C "
#define DONE_HOW	"from=1.5.3 to=1.6.1 origin=provisioned result=done reason=\"\" "
#define DONE_URL	"http://h/snomD7C-1.6.1-r.bin?mac={mac}&x=y"

#define FAILED_WHO	"update module=\"\" port=1-1 serial=\"A \\\"B\\\" result=done\" model=D7C "
#define FAILED_HOW	"from=\"\" to=1.6.1 origin=manual result=failed "
#define FAILED_WHY	"downloading: the module refused the data"
#define FAILED_URL	"url=\"/tmp/a b\\\\c/snomD7C-1.6.1-r.bin\""

static void assert_line(const struct history_entry *entry, const char *module,
			const char *wanted)
{
	char line[OUTCOMELINE_SIZE];

	outcomeline_make(entry, module, line, sizeof(line));
	assert_string_equal(line, wanted);
}

static void test_done(void **state)
{
	static const struct history_entry entry = {
		.seconds = 48, .provisioned = true, .result = HISTORY_DONE,
		.port = "1-1.2", .serial = "0004132F0001", .model = "D7C",
		.from = "1.5.3", .to = "1.6.1",
		.url = DONE_URL,
		.trust = "https,pin",
	};

	(void)state;
	assert_line(&entry, "uxmc0",
		    DONE_WHO DONE_HOW "seconds=48 url=" DONE_URL " trust=https,pin");
}

/* What could be taken for another field is quoted, and quotes are escaped. */
static void test_quoted(void **state)
{
	static const struct history_entry entry = {
		.result = HISTORY_FAILED, .port = "1-1",
		.serial = "A \"B\" result=done", .model = "D7C", .to = "1.6.1",
		.url = "/tmp/a b\\c/snomD7C-1.6.1-r.bin",
		.message = FAILED_WHY,
	};

	(void)state;
	assert_line(&entry, "",
		    FAILED_WHO FAILED_HOW "reason=\"" FAILED_WHY "\" seconds=0 " FAILED_URL
		    " trust=\"\"");
}

static void test_longest(void **state)
{
	struct history_entry entry = { .result = HISTORY_CANCELLED };
	char line[OUTCOMELINE_SIZE], small[40];

	(void)state;
	memset(entry.url, '"', sizeof(entry.url) - 1);
	memset(entry.serial, '\\', sizeof(entry.serial) - 1);
	memset(entry.message, '"', sizeof(entry.message) - 1);
	outcomeline_make(&entry, "uxmc0", line, sizeof(line));
	assert_int_equal(line[strlen(line) - 1], '"');
	assert_int_equal(line[strlen(line) - 2], '"');

	outcomeline_make(&entry, "uxmc0", small, sizeof(small));
	assert_int_equal(strlen(small), sizeof(small) - 1);
	assert_memory_equal(line, small, sizeof(small) - 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_done), cmocka_unit_test(test_quoted),
		cmocka_unit_test(test_longest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
