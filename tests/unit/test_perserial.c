// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "file.h"
#include "perserial.h"
#include "text.h"
#include "url.h"
#include "unit.h"

#define URL	"http://h/{mac}/snomD7C-1.6.1-r.bin?a=b&c=d=e"
#define OTHER	"http://h/snomD7C-1.5.3-r.bin"
#define HEAD	"uxmcd-modules 1\n"
#define BLANK	" "

static void set(struct perserial *modules, int dir, const char *serial,
		const char *url)
{
	assert_int_equal(perserial_set(modules, dir, serial, url), 0);
}

/* In the file, and when it is read again. */
static void assert_stored(int dir, const char *expected)
{
	struct perserial loaded;
	char *text, *again = NULL;
	size_t i, size;
	FILE *out;

	assert_int_equal(file_read(dir, "modules", 300000, &text), 0);
	assert_string_equal(text, expected);
	free(text);

	assert_int_equal(perserial_load(&loaded, dir), 0);
	out = open_memstream(&again, &size);
	fputs(HEAD, out);
	for (i = 0; i < loaded.count; i++)
		fprintf(out, "module=%s %s\n", loaded.list[i].url,
			loaded.list[i].serial);
	fputs("end\n", out);
	fclose(out);
	assert_string_equal(again, expected);
	free(again);
	perserial_clear(&loaded);
}

static void test_none_yet(void **state)
{
	struct perserial modules = { .count = 5 };

	assert_int_equal(perserial_load(&modules, unit_dir(state)), 0);
	assert_int_equal(modules.count, 0);
	assert_string_equal(perserial_get(&modules, "A1"), "");
	assert_string_equal(perserial_get(&modules, ""), "");
	assert_false(unit_exists(unit_dir(state), "modules"));
}

static void test_set(void **state)
{
	int dir = unit_dir(state);
	struct perserial modules = { 0 };

	set(&modules, dir, "A1", URL);
	set(&modules, dir, "A 1=x", OTHER);
	set(&modules, dir, "", OTHER);
	assert_string_equal(perserial_get(&modules, "A1"), URL);
	assert_string_equal(perserial_get(&modules, "A 1=x"), OTHER);
	assert_string_equal(perserial_get(&modules, ""), OTHER);
	assert_string_equal(perserial_get(&modules, "A"), "");
	assert_string_equal(perserial_get(&modules, "a1"), "");
	assert_stored(dir, HEAD "module=" URL " A1\nmodule=" OTHER " A 1=x\n"
		      "module=" OTHER BLANK "\nend\n");

	set(&modules, dir, "A1", OTHER);
	assert_string_equal(perserial_get(&modules, "A1"), OTHER);
	assert_stored(dir, HEAD "module=" OTHER " A 1=x\nmodule=" OTHER BLANK "\n"
		      "module=" OTHER " A1\nend\n");
	assert_false(unit_exists(dir, "modules.new"));
	perserial_clear(&modules);
}

static void test_forget(void **state)
{
	int dir = unit_dir(state);
	struct perserial modules = { 0 };

	set(&modules, dir, "A1", URL);
	set(&modules, dir, "A2", URL);
	set(&modules, dir, "A3", URL);
	set(&modules, dir, "A1", "");
	assert_string_equal(perserial_get(&modules, "A1"), "");
	assert_stored(dir, HEAD "module=" URL " A2\nmodule=" URL " A3\nend\n");
	set(&modules, dir, "A9", "");
	assert_stored(dir, HEAD "module=" URL " A2\nmodule=" URL " A3\nend\n");
	set(&modules, dir, NULL, "");
	assert_int_equal(modules.count, 0);
	assert_stored(dir, HEAD "end\n");
	perserial_clear(&modules);
}

/* The one whose update is longest ago goes, not the one that came first. */
static void test_many(void **state)
{
	int dir = unit_dir(state);
	struct perserial modules = { 0 }, loaded;
	char serial[16];
	size_t i;

	for (i = 0; i < PERSERIAL_MAX; i++) {
		snprintf(serial, sizeof(serial), "A%zu", i);
		set(&modules, dir, serial, URL);
	}
	set(&modules, dir, "A0", OTHER);
	set(&modules, dir, "new", OTHER);
	assert_int_equal(modules.count, PERSERIAL_MAX);
	assert_string_equal(perserial_get(&modules, "A0"), OTHER);
	assert_string_equal(perserial_get(&modules, "A1"), "");
	assert_string_equal(perserial_get(&modules, "A2"), URL);
	assert_string_equal(perserial_get(&modules, "A63"), URL);
	assert_string_equal(perserial_get(&modules, "new"), OTHER);

	assert_int_equal(perserial_load(&loaded, dir), 0);
	assert_int_equal(loaded.count, PERSERIAL_MAX);
	for (i = 0; i < PERSERIAL_MAX; i++) {
		assert_string_equal(loaded.list[i].serial,
				    modules.list[i].serial);
		assert_string_equal(loaded.list[i].url, modules.list[i].url);
	}
	perserial_clear(&loaded);
	perserial_clear(&modules);
}

/* The most that there can be is not too much to be read again. */
static void test_largest(void **state)
{
	int dir = unit_dir(state);
	struct perserial modules = { 0 }, loaded;
	char url[URL_MAX + 1], serial[128];
	size_t i;

	memset(url, 'a', sizeof(url));
	memcpy(url, "http://h/", 9);
	url[URL_MAX] = '\0';
	memset(serial, 'A', sizeof(serial));
	serial[sizeof(serial) - 1] = '\0';
	for (i = 0; i < PERSERIAL_MAX; i++) {
		serial[0] = (char)('0' + i);
		set(&modules, dir, serial, url);
	}
	assert_int_equal(perserial_load(&loaded, dir), 0);
	assert_int_equal(loaded.count, PERSERIAL_MAX);
	assert_string_equal(perserial_get(&loaded, serial), url);
	perserial_clear(&loaded);
	perserial_clear(&modules);
}

static void test_refused(void **state)
{
	int dir = unit_dir(state);
	struct perserial modules = { 0 };

	assert_int_equal(perserial_set(&modules, dir, "A1", "x"), -EINVAL);
	assert_int_equal(perserial_set(&modules, dir, "A1", "http://h/a b"),
			 -EINVAL);
	assert_int_equal(perserial_set(&modules, dir, "A\n1", URL), -EINVAL);
	assert_int_equal(modules.count, 0);
	assert_false(unit_exists(dir, "modules"));
}

static void test_not_stored(void **state)
{
	int dir = unit_dir(state);
	struct perserial modules = { 0 };

	set(&modules, dir, "A1", URL);
	assert_int_equal(perserial_set(&modules, -1, "A1", OTHER), -EBADF);
	assert_int_equal(perserial_set(&modules, -1, "A2", OTHER), -EBADF);
	assert_int_equal(perserial_set(&modules, -1, "A1", ""), -EBADF);
	assert_int_equal(perserial_set(&modules, -1, NULL, ""), -EBADF);
	assert_int_equal(modules.count, 1);
	assert_string_equal(perserial_get(&modules, "A1"), URL);
	assert_string_equal(perserial_get(&modules, "A2"), "");
	assert_stored(dir, HEAD "module=" URL " A1\nend\n");
	perserial_clear(&modules);
}

static void test_nothing_new(void **state)
{
	int dir = unit_dir(state);
	struct perserial modules = { 0 };
	struct stat before, after;

	set(&modules, dir, "A1", URL);
	set(&modules, dir, "A2", URL);
	assert_int_equal(fstatat(dir, "modules", &before, 0), 0);
	set(&modules, dir, "A2", URL);
	set(&modules, dir, "A3", "");
	assert_int_equal(fstatat(dir, "modules", &after, 0), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
	assert_int_equal(before.st_mtim.tv_sec, after.st_mtim.tv_sec);
	perserial_clear(&modules);
}

static void assert_damaged(int dir, const char *text)
{
	struct perserial modules;
	char *kept;

	unit_write(dir, "modules", text);
	if (perserial_load(&modules, dir) != -EINVAL)
		fail_msg("taken: %s", text);
	assert_int_equal(modules.count, 0);
	assert_false(unit_exists(dir, "modules"));
	assert_int_equal(file_read(dir, "modules.damaged", 600000, &kept), 0);
	assert_string_equal(kept, text);
	free(kept);
}

/* Wherever it was cut off, it is not taken for a whole one. */
static void test_truncated(void **state)
{
	char text[] = HEAD "module=" URL " A1\nmodule=" OTHER BLANK "\nend\n";
	size_t length;

	for (length = strlen(text); length--;) {
		text[length] = '\0';
		assert_damaged(unit_dir(state), text);
	}
}

static void test_damaged(void **state)
{
	static const char * const texts[] = {
		"", "\n", "uxmcd-settings 1\nend\n", HEAD "module\nend\n",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		assert_damaged(unit_dir(state), texts[i]);
}

/* The line counts for nothing. */
static void test_line_that_is_none(void **state)
{
	static const char * const lines[] = {
		"module=", "module=" BLANK, "module= A1", "module=A1 " URL,
		"module=" URL, "module=" URL " A\t1", "module=x A2",
	};
	int dir = unit_dir(state);
	struct perserial modules;
	char text[1024];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		snprintf(text, sizeof(text),
			 HEAD "module=" OTHER " B1\n%s\nend\n", lines[i]);
		unit_write(dir, "modules", text);
		assert_int_equal(perserial_load(&modules, dir), 0);
		assert_int_equal(modules.count, 1);
		assert_string_equal(perserial_get(&modules, "B1"), OTHER);
		perserial_clear(&modules);
	}
}

static void test_huge(void **state)
{
	static const char head[] = HEAD "module=http://h/";
	struct perserial modules;
	char *text = malloc(500001);

	assert_non_null(text);
	memset(text, 'x', 500000);
	memcpy(text, head, sizeof(head) - 1);
	strcpy(text + 499990, " A1\nend\n");
	assert_damaged(unit_dir(state), text);
	strcpy(text + 5000, " A1\nend\n");
	unit_write(unit_dir(state), "modules", text);
	assert_int_equal(perserial_load(&modules, unit_dir(state)), 0);
	assert_int_equal(modules.count, 0);
	free(text);
}

static void test_later_version(void **state)
{
	int dir = unit_dir(state);
	struct perserial modules;

	unit_write(dir, "modules", HEAD "colour=blue\nmodule=" OTHER " A1\n"
		   "module=" URL " A1\nend\n");
	assert_int_equal(perserial_load(&modules, dir), 0);
	assert_int_equal(modules.count, 1);
	assert_string_equal(perserial_get(&modules, "A1"), URL);
	perserial_clear(&modules);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, unit_make_dir, \
							unit_remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_none_yet), TEST(test_set), TEST(test_forget),
		TEST(test_many), TEST(test_largest), TEST(test_refused),
		TEST(test_not_stored), TEST(test_nothing_new),
		TEST(test_truncated), TEST(test_damaged), TEST(test_huge),
		TEST(test_line_that_is_none),
		TEST(test_later_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
