// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "history.h"
#include "text.h"
#include "unit.h"

#define FIRST	"uxmcd-history 1\n"
#define LINE	"update=7\t8\tmanual\tdone\t1-1\tA1\tD7C\t1.1.1\t1.6.1\thttp://h/\t\n"
#define END	"end\n"

static const struct history_entry sample = {
	.when = 1790000000,
	.seconds = 75,
	.provisioned = true,
	.result = HISTORY_FAILED,
	.port = "1-1.2",
	.serial = "A=B C",
	.model = "D7C",
	.from = "1.1.1",
	.to = "1.6.1",
	.url = "http://h/{mac}/snomD7C-1.6.1-r.bin?a=b&c=d",
	.message = "the module said: no",
	.trust = "https,pin",
};

/* What history_read() gave. */
struct reading {
	size_t count;
	struct history_entry list[HISTORY_MAX];
};

static void take(void *context, const struct history_entry *entry)
{
	struct reading *reading = context;

	assert_true(reading->count < HISTORY_MAX);
	reading->list[reading->count++] = *entry;
}

static const struct reading *read_all(int dir)
{
	static struct reading reading;

	reading.count = 0;
	assert_int_equal(history_read(dir, take, &reading), 0);
	return &reading;
}

static void assert_same(const struct history_entry *a,
			const struct history_entry *b)
{
	assert_int_equal(a->when, b->when);
	assert_int_equal(a->seconds, b->seconds);
	assert_int_equal(a->provisioned, b->provisioned);
	assert_int_equal(a->result, b->result);
	assert_string_equal(a->port, b->port);
	assert_string_equal(a->serial, b->serial);
	assert_string_equal(a->model, b->model);
	assert_string_equal(a->from, b->from);
	assert_string_equal(a->to, b->to);
	assert_string_equal(a->url, b->url);
	assert_string_equal(a->message, b->message);
	assert_string_equal(a->trust, b->trust);
}

static void test_none(void **state)
{
	assert_int_equal(read_all(unit_dir(state))->count, 0);
	assert_false(unit_exists(unit_dir(state), "history"));
}

static void test_round_trip(void **state)
{
	int dir = unit_dir(state);
	struct history_entry entries[3] = { sample, sample, { 0 } };
	const struct reading *reading;
	struct stat status;
	size_t i;

	entries[0].result = HISTORY_DONE;
	entries[0].provisioned = false;
	*entries[0].message = '\0';
	entries[1].result = HISTORY_CANCELLED;
	for (i = 0; i < ARRAY_SIZE(entries); i++)
		assert_int_equal(history_add(dir, &entries[i]), 0);

	reading = read_all(dir);
	assert_int_equal(reading->count, ARRAY_SIZE(entries));
	for (i = 0; i < ARRAY_SIZE(entries); i++)
		assert_same(&reading->list[i], &entries[i]);
	assert_false(unit_exists(dir, "history.new"));
	assert_int_equal(fstatat(dir, "history", &status, 0), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static size_t count_lines(int dir)
{
	size_t count = 0;
	char *text, *line;

	assert_int_equal(file_read(dir, "history", 1 << 20, &text), 0);
	for (line = text; (line = strstr(line, "\nupdate=")); line++)
		count++;
	free(text);
	return count;
}

static void test_oldest_goes(void **state)
{
	int dir = unit_dir(state);
	struct history_entry entry = sample;
	const struct reading *reading;
	size_t i;

	for (i = 0; i < HISTORY_MAX + 5; i++) {
		entry.when = i;
		assert_int_equal(history_add(dir, &entry), 0);
	}
	assert_int_equal(count_lines(dir), HISTORY_MAX);
	reading = read_all(dir);
	assert_int_equal(reading->count, HISTORY_MAX);
	for (i = 0; i < HISTORY_MAX; i++)
		assert_int_equal(reading->list[i].when, i + 5);
}

static void fill(char *text, size_t size)
{
	memset(text, 'x', size - 1);
	text[size - 1] = '\0';
}

/* As many, and as large, as there can be. */
static void test_largest(void **state)
{
	int dir = unit_dir(state);
	struct history_entry entry = { UINT64_MAX, UINT64_MAX, .result = 0 };
	const struct reading *reading;
	size_t i;

	fill(entry.port, sizeof(entry.port));
	fill(entry.serial, sizeof(entry.serial));
	fill(entry.model, sizeof(entry.model));
	fill(entry.from, sizeof(entry.from));
	fill(entry.to, sizeof(entry.to));
	fill(entry.url, sizeof(entry.url));
	fill(entry.message, sizeof(entry.message));
	for (i = 0; i < HISTORY_MAX + 1; i++)
		assert_int_equal(history_add(dir, &entry), 0);

	reading = read_all(dir);
	assert_int_equal(reading->count, HISTORY_MAX);
	entry.when = INT64_MAX;
	entry.seconds = INT64_MAX;
	for (i = 0; i < HISTORY_MAX; i++)
		assert_same(&reading->list[i], &entry);
}

/* What a device or a server says neither adds lines nor moves a terminal. */
static void test_rude_texts(void **state)
{
	static const char * const said[][2] = {
		{ "a\nend\n", "a?end?" },
		{ "a\tb", "a?b" },
		{ "\nupdate=1\t2", "?update=1?2" },
		{ "\033[2J\033]0;x\007", "?[2J?]0;x?" },
		{ "\x7f\x01\x1f ~", "??? ~" },
		{ "\302\23331m", "??31m" },		/* CSI in UTF-8 */
		{ "\xff\xfe\xc3", "???" },
		{ "=\\\"%s%n", "=\\\"%s%n" },
	};
	int dir = unit_dir(state);
	struct history_entry entry, wanted;
	const struct reading *reading;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(said); i++) {
		entry = sample;
		strcpy(entry.serial, said[i][0]);
		strcpy(entry.from, said[i][0]);
		strcpy(entry.url, said[i][0]);
		strcpy(entry.message, said[i][0]);
		assert_int_equal(history_add(dir, &entry), 0);

		reading = read_all(dir);
		assert_int_equal(reading->count, i + 1);
		wanted = sample;
		strcpy(wanted.serial, said[i][1]);
		strcpy(wanted.from, said[i][1]);
		strcpy(wanted.url, said[i][1]);
		strcpy(wanted.message, said[i][1]);
		assert_same(&reading->list[i], &wanted);
	}
}

static void assert_damaged(int dir, const char *text)
{
	struct reading reading = { 0 };
	char *kept;

	unit_write(dir, "history", text);
	if (history_read(dir, take, &reading) != -EINVAL)
		fail_msg("taken: %s", text);
	assert_int_equal(reading.count, 0);
	assert_false(unit_exists(dir, "history"));
	assert_int_equal(file_read(dir, "history.damaged", 1 << 20, &kept), 0);
	assert_string_equal(kept, text);
	free(kept);
}

/* Wherever it was cut off. */
static void test_truncated(void **state)
{
	char text[] = FIRST LINE LINE END;
	size_t length;

	for (length = strlen(text); length--;) {
		text[length] = '\0';
		assert_damaged(unit_dir(state), text);
	}
}

static void test_damaged(void **state)
{
	static const char * const texts[] = {
		"uxmcd-history 2\n" LINE END,
		"uxmcd-settings 1\n" END,
		FIRST LINE END LINE,
		FIRST LINE "nonsense\n" END,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		assert_damaged(unit_dir(state), texts[i]);
}

/* The line counts for nothing. */
static void test_line_that_is_none(void **state)
{
	static const char * const lines[] = {
		"update=\n",
		/* a field is missing */
		"update=7\t8\tmanual\tdone\t1-1\tA1\tD7C\t1\t1\thttp://h/\n",
	};
	int dir = unit_dir(state);
	char text[1024];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		snprintf(text, sizeof(text), FIRST LINE "%s" LINE END, lines[i]);
		unit_write(dir, "history", text);
		assert_int_equal(read_all(dir)->count, 2);
	}
}

/* Such values cost their own field. */
static void test_fields_that_are_none(void **state)
{
	static const char * const lines[] = {
		"x\t8\tmanual\tdone\t1-1\tA1\tD7C\t1\t1\tu\tm",
		"7\t-8\tmanual\tdone\t1-1\tA1\tD7C\t1\t1\tu\tm",
		"7\t99999999999999999999\tmanual\tdone\t1-1\tA1\tD7C\t1\t1\tu\tm",
		"7\t8\tmoon\tdone\t1-1\tA1\tD7C\t1\t1\tu\tm",
		"7\t8\tmanual\tdon\t1-1\tA1\tD7C\t1\t1\tu\tm",
		"7\t8\tmanual\tdone\t1-1\tA1\tD7C-----\t1\t1\tu\tm",
		"7\t8\tmanual\tdone\t1-1\tA1\tD7C\t1\t1\t\033[2J\tm",
	};
	int dir = unit_dir(state);
	const struct reading *reading;
	char text[1024];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		snprintf(text, sizeof(text), FIRST "update=%s\n" END, lines[i]);
		unit_write(dir, "history", text);
		reading = read_all(dir);
		assert_int_equal(reading->count, 1);
		assert_string_equal(reading->list[0].port, "1-1");
		assert_string_equal(reading->list[0].message, "m");
	}
	assert_string_equal(reading->list[0].url, "");
}

static void test_huge(void **state)
{
	char *text = malloc(200001);

	assert_non_null(text);
	memset(text, 'x', 200000);
	text[200000] = '\0';
	assert_damaged(unit_dir(state), text);
	free(text);
}

/* The damaged one is kept aside, and the new one begins. */
static void test_add_to_damaged(void **state)
{
	int dir = unit_dir(state);
	char *kept;

	unit_write(dir, "history", FIRST LINE);
	assert_int_equal(history_add(dir, &sample), 1);
	assert_int_equal(history_add(dir, &sample), 0);
	assert_int_equal(read_all(dir)->count, 2);
	assert_int_equal(file_read(dir, "history.damaged", 65536, &kept), 0);
	assert_string_equal(kept, FIRST LINE);
	free(kept);
}

/* More lines, more fields, and keys that are not known yet. */
static void test_later_version(void **state)
{
	int dir = unit_dir(state);
	const struct reading *reading;
	char text[8192] = FIRST "colour=blue\n";
	size_t i;

	for (i = 0; i < HISTORY_MAX + 3; i++)
		strcat(text, LINE);
	strcat(text, "update=9\t8\tmanual\tdone\t\t\t\t\t\t\tm\tmore\n");
	strcat(text, END);
	unit_write(dir, "history", text);

	reading = read_all(dir);
	assert_int_equal(reading->count, HISTORY_MAX);
	assert_int_equal(reading->list[0].when, 7);
	assert_int_equal(reading->list[HISTORY_MAX - 1].when, 9);
	assert_string_equal(reading->list[HISTORY_MAX - 1].message, "m");
	assert_int_equal(history_add(dir, &sample), 0);
	assert_int_equal(read_all(dir)->count, HISTORY_MAX);
}

static void test_not_written(void **state)
{
	struct reading reading = { 0 };
	int dir = unit_dir(state);

	assert_int_equal(history_add(-1, &sample), -EBADF);
	assert_int_equal(history_read(-1, take, &reading), -EBADF);

	/* what cannot be read is not replaced */
	assert_int_equal(mkdirat(dir, "history", 0700), 0);
	assert_int_equal(history_add(dir, &sample), -EISDIR);
	assert_int_equal(unlinkat(dir, "history", AT_REMOVEDIR), 0);
}

static void test_result_names(void **state)
{
	(void)state;
	assert_string_equal(history_result_name(HISTORY_DONE), "done");
	assert_string_equal(history_result_name(HISTORY_FAILED), "failed");
	assert_string_equal(history_result_name(HISTORY_CANCELLED),
			    "cancelled");
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, unit_make_dir, \
							unit_remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_none), TEST(test_round_trip),
		TEST(test_oldest_goes), TEST(test_largest),
		TEST(test_rude_texts), TEST(test_truncated),
		TEST(test_damaged), TEST(test_huge),
		TEST(test_line_that_is_none), TEST(test_fields_that_are_none),
		TEST(test_add_to_damaged), TEST(test_later_version),
		TEST(test_not_written), TEST(test_result_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
