// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "journal.h"
#include "text.h"
#include "unit.h"

#define SHA256	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static const struct journal sample = {
	.step = JOURNAL_FLASH,
	.url = "http://h/{mac}/snomD7C-1.6.1-r.bin?a=b&c=d",
	.name = "snomD7C-1.6.1-r.bin",
	.expect = "1.6.1",
	.from = "1.1.1",
	.port = "1-1.2",
	.serial = "A=B C",
	.size = 35708675,
	.etag = "\"5f0-6\"",
	.modified = "Sun, 06 Nov 1994 08:49:37 GMT",
	.boot = "36bf8ee8-1111-2222-3333-444444444444",
	.resumed = 2,
	.sha256 = SHA256,
	.trust = "https,pin",
	.signer = "83C7196A7B2D4A10",
};

static void assert_same(const struct journal *a, const struct journal *b)
{
	assert_int_equal(a->step, b->step);
	assert_int_equal(a->file, b->file);
	assert_string_equal(a->url, b->url);
	assert_string_equal(a->name, b->name);
	assert_string_equal(a->expect, b->expect);
	assert_string_equal(a->from, b->from);
	assert_string_equal(a->port, b->port);
	assert_string_equal(a->serial, b->serial);
	assert_int_equal(a->size, b->size);
	assert_string_equal(a->etag, b->etag);
	assert_string_equal(a->modified, b->modified);
	assert_string_equal(a->boot, b->boot);
	assert_int_equal(a->resumed, b->resumed);
	assert_string_equal(a->sha256, b->sha256);
	assert_string_equal(a->trust, b->trust);
	assert_string_equal(a->signer, b->signer);
}

static char *written(int dir)
{
	char *text;

	assert_int_equal(journal_write(&sample, dir), 0);
	assert_int_equal(file_read(dir, "journal", 65536, &text), 0);
	return text;
}

static void test_round_trip(void **state)
{
	int dir = unit_dir(state);
	struct journal loaded;
	enum journal_step step;

	for (step = JOURNAL_COPY; step <= JOURNAL_FAILED; step++) {
		struct journal record = sample;

		record.step = step;
		record.file = step == JOURNAL_COPY;
		assert_int_equal(journal_write(&record, dir), 0);
		assert_false(unit_exists(dir, "journal.new"));
		assert_int_equal(journal_load(&loaded, dir), 0);
		assert_same(&record, &loaded);
	}
}

static void test_none(void **state)
{
	struct journal loaded = sample;

	assert_int_equal(journal_load(&loaded, unit_dir(state)), -ENOENT);
	assert_same(&loaded, &sample);
	assert_int_equal(journal_clear(unit_dir(state)), 0);
}

static void test_clear(void **state)
{
	int dir = unit_dir(state);
	struct journal loaded;

	assert_int_equal(journal_write(&sample, dir), 0);
	assert_int_equal(journal_clear(dir), 0);
	assert_int_equal(journal_load(&loaded, dir), -ENOENT);
}

static void assert_damaged(int dir, const char *text)
{
	struct journal loaded = sample;
	char *kept;

	unit_write(dir, "journal", text);
	if (journal_load(&loaded, dir) != -EINVAL)
		fail_msg("taken: %s", text);
	assert_same(&loaded, &sample);
	assert_false(unit_exists(dir, "journal"));
	assert_int_equal(file_read(dir, "journal.damaged", 65536, &kept), 0);
	assert_string_equal(kept, text);
	free(kept);
}

/* Wherever it was cut off, it is not taken for a whole one. */
static void test_truncated(void **state)
{
	int dir = unit_dir(state);
	char *text = written(dir);
	size_t length;

	for (length = strlen(text); length--;) {
		text[length] = '\0';
		assert_damaged(dir, text);
	}
	free(text);
}

static void test_damaged(void **state)
{
	static const char * const texts[] = {
		"", "\n", "end\n", "uxmcd-journal 1\nend\n",
		"uxmcd-journal 2\nstep=flash\nend\n",
		"uxmcd-settings 1\nend\n",
		"uxmcd-journal 1\nno equals sign\nend\n",
		"\xff\xfe\xfd",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		assert_damaged(unit_dir(state), texts[i]);
}

/* The written journal with one line changed. */
static char *with_line(const char *text, const char *key, const char *line)
{
	const char *start = strstr(text, key), *rest;
	char *changed = malloc(strlen(text) + strlen(line) + 2);

	assert_non_null(start);
	assert_non_null(changed);
	rest = strchr(start, '\n');
	sprintf(changed, "%.*s%s%s", (int)(start - text), text, line, rest);
	return changed;
}

/* What an update cannot do without. */
static void test_bad_values(void **state)
{
	static const char * const lines[][2] = {
		{ "step=", "step=" }, { "step=", "step=dance" },
		{ "name=", "name=../../etc/passwd" }, { "name=", "name=" },
		{ "url=", "url=" }, { "url=", "url=/tmp/file" },
		{ "port=", "port=" }, { "expect=", "expect=1.6.2" },
		/* Nothing is flashed unpinned because of it. */
		{ "sha256=", "sha256=ba78" }, { "sha256=", "sha256=\x01" },
		{ "sha256=", "sha256=" SHA256 "0" },
	};
	int dir = unit_dir(state);
	char *text = written(dir), *changed;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		changed = with_line(text, lines[i][0], lines[i][1]);
		assert_damaged(dir, changed);
		free(changed);
	}
	free(text);
}

/* Of a later version, perhaps: the rest is as good as before. */
static void test_values_that_cost_no_more(void **state)
{
	static const char * const lines[][2] = {
		{ "kind=", "kind=directory" }, { "size=", "size=many" },
		{ "size=", "size=-1" }, { "resumed=", "resumed=" },
		{ "resumed=", "resumed=99999999999999999999" },
		{ "serial=", "serial=\x01" },
		{ "boot=", "boot=0123456789012345678901234567890123456789" },
	};
	int dir = unit_dir(state);
	char *text = written(dir), *changed;
	struct journal loaded;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		changed = with_line(text, lines[i][0], lines[i][1]);
		unit_write(dir, "journal", changed);
		assert_int_equal(journal_load(&loaded, dir), 0);
		assert_int_equal(loaded.step, sample.step);
		assert_string_equal(loaded.url, sample.url);
		assert_string_equal(loaded.etag, sample.etag);
		free(changed);
	}
	assert_string_equal(loaded.boot, "");
	free(text);
}

static void test_unknown_keys(void **state)
{
	int dir = unit_dir(state);
	char *text = written(dir);
	char *changed = with_line(text, "step=", "colour=blue\nstep=fetch");
	struct journal loaded;

	unit_write(dir, "journal", changed);
	assert_int_equal(journal_load(&loaded, dir), 0);
	assert_int_equal(loaded.step, JOURNAL_FETCH);
	assert_string_equal(loaded.url, sample.url);
	free(changed);
	free(text);
}

static void test_huge(void **state)
{
	char *text = malloc(100001);

	assert_non_null(text);
	memset(text, 'x', 100000);
	text[100000] = '\0';
	unit_write(unit_dir(state), "journal", text);
	assert_int_equal(journal_load(&(struct journal){ 0 }, unit_dir(state)),
			 -EINVAL);
	assert_true(unit_exists(unit_dir(state), "journal.damaged"));
	free(text);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, unit_make_dir, \
							unit_remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_round_trip), TEST(test_none), TEST(test_clear),
		TEST(test_truncated), TEST(test_damaged),
		TEST(test_bad_values), TEST(test_values_that_cost_no_more),
		TEST(test_unknown_keys),
		TEST(test_huge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
