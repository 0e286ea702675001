// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "file.h"
#include "text.h"
#include "unit_settings.h"

/* What cannot be stored is not shown as if it were. */
static void test_not_stored(void **state)
{
	int dir = unit_dir(state);
	struct settings settings = { 0 }, before;

	assert_set(&settings, dir, FIRMWARE_UXM);
	before = settings;
	assert_int_equal(settings_user_set(&settings, -1, FIRMWARE_UXM, OTHER),
			 -EBADF);
	assert_int_equal(settings_user_clear(&settings, -1, FIRMWARE_UXM),
			 -EBADF);
	assert_int_equal(provision(&settings, -1, POLICY, "never_update", ""),
			 -EBADF);
	assert_memory_equal(&settings, &before, sizeof(before));
	assert_stored(&settings, dir);
}

/* What there is in memory is true, whatever the disk can hold. */
static void test_updated_not_stored(void **state)
{
	int dir = unit_dir(state);
	struct settings settings = { 0 };

	assert_int_equal(updated(&settings, -1, URL, true), -EBADF);
	assert_holds(&settings, FIRMWARE_UXM, URL, ORIGIN_UPDATE);
	assert_false(unit_exists(dir, "settings"));
	assert_int_equal(settings_save(&settings, dir), 0);
	assert_stored(&settings, dir);
}

/* It is gone after a boot, whoever has changed it, but not after a restart. */
static void test_volatile(void **state)
{
	int dir = unit_dir(state);
	struct settings settings = { 0 };

	assert_set(&settings, dir, TIMER);
	assert_set(&settings, dir, INTERVAL);
	assert_int_equal(provision(&settings, dir, INTERVAL, "1440", "V!"), 0);
	assert_holds(&settings, INTERVAL, "60", ORIGIN_USER);
	assert_stored(&settings, dir);
	assert_int_equal(settings_user_set(&settings, dir, INTERVAL, "30"), 0);
	assert_stored(&settings, dir);

	boot_anew(dir);
	assert_int_equal(settings_load(&settings, dir), 0);
	assert_holds(&settings, INTERVAL, setting_default(INTERVAL),
		     ORIGIN_DEFAULT);
	assert_false(settings.list[INTERVAL].permission.is_volatile);
	assert_int_equal(settings_save(&settings, dir), 0);
	assert_file(dir, HEAD "settings_refresh_timer=7200\n"
		    "settings_refresh_timer.user=1\nend\n");

	/* It is volatile no more. */
	assert_int_equal(provision(&settings, dir, INTERVAL, "1440", ""), 0);
	assert_file(dir, HEAD "firmware_interval=1440\n"
		    "firmware_interval.origin=setting_server\n"
		    "settings_refresh_timer=7200\n"
		    "settings_refresh_timer.user=1\nend\n");
}

static struct stat look(int dir)
{
	struct stat status;

	assert_int_equal(fstatat(dir, "settings", &status, 0), 0);
	return status;
}

static void assert_untouched(int dir, const struct stat *before)
{
	struct stat now = look(dir);

	assert_int_equal(now.st_ino, before->st_ino);
	assert_int_equal(now.st_mtim.tv_sec, before->st_mtim.tv_sec);
	assert_int_equal(now.st_mtim.tv_nsec, before->st_mtim.tv_nsec);
	assert_int_equal(now.st_ctim.tv_sec, before->st_ctim.tv_sec);
	assert_int_equal(now.st_ctim.tv_nsec, before->st_ctim.tv_nsec);
}

/* Flash wears out: what is there already is not written again. */
static void test_nothing_new(void **state)
{
	int dir = unit_dir(state);
	struct settings settings = { 0 };
	struct stat before;

	assert_set(&settings, dir, SERVER);
	assert_int_equal(updated(&settings, dir, URL, false), 0);
	assert_int_equal(provision(&settings, dir, INTERVAL, "1440", "!"), 0);
	assert_int_equal(provision(&settings, dir, POLICY, "auto_update", "V"),
			 0);

	before = look(dir);
	assert_set(&settings, dir, SERVER);
	assert_int_equal(updated(&settings, dir, URL, false), 0);
	assert_int_equal(provision(&settings, dir, INTERVAL, "1440", "!"), 0);
	assert_int_equal(provision(&settings, dir, POLICY, "auto_update", "V"),
			 0);
	assert_int_equal(settings_user_clear(&settings, dir, TIMER), 0);
	assert_int_equal(settings_load(&settings, dir), 0);
	assert_untouched(dir, &before);

	/* The same value, but now the server's, who may take it back. */
	assert_int_equal(provision(&settings, dir, SERVER, by_hand[SERVER], ""),
			 0);
	assert_int_not_equal(look(dir).st_ino, before.st_ino);
	assert_stored(&settings, dir);
}

static void assert_damaged(int dir, const char *text)
{
	struct settings settings = { .configured = { [POLICY] = "settings_only" } };
	char *kept;

	assert_int_equal(settings_load(&settings, dir), 0);
	unit_write(dir, "settings", text);
	if (settings_load(&settings, dir) != -EINVAL)
		fail_msg("taken: %s", text);
	assert_holds(&settings, FIRMWARE_UXM, "", ORIGIN_DEFAULT);
	assert_holds(&settings, POLICY, "settings_only", ORIGIN_CONFIG);
	assert_false(settings.list[POLICY].permission.readonly);
	assert_false(unit_exists(dir, "settings"));
	assert_int_equal(file_read(dir, "settings.damaged", 200000, &kept), 0);
	assert_string_equal(kept, text);
	free(kept);
}

/* Wherever it was cut off, it is not taken for a whole one. */
static void test_truncated(void **state)
{
	int dir = unit_dir(state);
	struct settings settings = { 0 };
	enum setting_id id;
	size_t length;
	char *text;

	for (id = 0; id < SETTINGS_COUNT; id++) {
		assert_set(&settings, dir, id);
		assert_int_equal(provision(&settings, dir, id, "",
					   id % 2 ? "R" : "!"), 0);
	}
	assert_int_equal(file_read(dir, "settings", 65536, &text), 0);
	file_remove(dir, "settings");
	for (length = strlen(text); length--;) {
		text[length] = '\0';
		assert_damaged(dir, text);
	}
	free(text);
}

static void test_damaged(void **state)
{
	static const char * const texts[] = {
		"", "\n", "end\n", "something else\n",
		"uxmcd-journal 1\nend\n",
		HEAD "firmware_uxm\nend\n",
		HEAD "end\nend\n",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		assert_damaged(unit_dir(state), texts[i]);
}

/* Of a later version, perhaps: each costs itself, and nothing else. */
static void test_values_that_are_none(void **state)
{
	static const char * const lines[] = {
		"firmware_interval=", "firmware_interval=525601",
		"setting_server=nonsense", "update_policy.perm=X",
		"update_policy.origin=moon", "update_policy.user=2",
	};
	int dir = unit_dir(state);
	struct settings settings = { 0 };
	char text[1024];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		snprintf(text, sizeof(text), HEAD "firmware_uxm=" URL "\n"
			 "update_policy=never_update\n%s\nend\n", lines[i]);
		unit_write(dir, "settings", text);
		assert_int_equal(settings_load(&settings, dir), 0);
		assert_holds(&settings, FIRMWARE_UXM, URL, ORIGIN_UPDATE);
		assert_holds(&settings, POLICY, "never_update", ORIGIN_USER);
		assert_holds(&settings, INTERVAL, "2880", ORIGIN_DEFAULT);
		assert_false(settings.list[POLICY].permission.readonly);
		assert_false(settings.list[POLICY].by_user);
	}
}

static void test_huge(void **state)
{
	char *text = malloc(100001);

	assert_non_null(text);
	memset(text, 'x', 100000);
	text[100000] = '\0';
	assert_damaged(unit_dir(state), text);
	free(text);
}

/* Those of an earlier version, and of a later one. */
static void test_other_versions(void **state)
{
	int dir = unit_dir(state);
	struct settings settings = { 0 };

	unit_write(dir, "settings", HEAD "firmware_uxm=" URL "\nend\n");
	assert_int_equal(settings_load(&settings, dir), 0);
	assert_holds(&settings, FIRMWARE_UXM, URL, ORIGIN_UPDATE);
	assert_false(settings.list[FIRMWARE_UXM].by_user);

	unit_write(dir, "settings", HEAD "firmware_uxm=\nend\n");
	assert_int_equal(settings_load(&settings, dir), 0);
	assert_holds(&settings, FIRMWARE_UXM, "", ORIGIN_DEFAULT);

	unit_write(dir, "settings", HEAD "colour=blue\nfirmware_uxm.mood=good\n"
		   "update_policy=never_update_firm\nfirmware=x\n.perm=R\n"
		   "firmware_uxm_firmware_uxm_firmware_uxm_firmware_uxm_firmware_uxm.perm=R\nend\n");
	assert_int_equal(settings_load(&settings, dir), 0);
	assert_holds(&settings, FIRMWARE_UXM, "", ORIGIN_DEFAULT);
	assert_holds(&settings, POLICY, "settings_only", ORIGIN_USER);
	assert_false(settings.list[FIRMWARE_UXM].permission.readonly);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, unit_make_dir, \
							unit_remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_not_stored), TEST(test_updated_not_stored), TEST(test_volatile),
		TEST(test_nothing_new), TEST(test_truncated),
		TEST(test_damaged), TEST(test_huge),
		TEST(test_values_that_are_none),
		TEST(test_other_versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
