// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "text.h"
#include "unit_settings.h"

static void test_none_yet(void **state)
{
	struct settings settings;
	enum setting_id id;

	memset(&settings, 'x', sizeof(settings));
	memset(settings.configured, 0, sizeof(settings.configured));
	assert_int_equal(settings_load(&settings, unit_dir(state)), 0);
	for (id = 0; id < SETTINGS_COUNT; id++) {
		assert_holds(&settings, id, setting_default(id),
			     ORIGIN_DEFAULT);
		assert_false(settings.list[id].by_user);
	}
	assert_int_equal(settings_number(&settings, INTERVAL), 2880);
	assert_int_equal(settings_number(&settings, TIMER), 0);
	assert_int_equal(settings_policy(&settings), POLICY_AUTO);
	assert_false(unit_exists(unit_dir(state), "settings"));
}

static void test_configured(void **state)
{
	int dir = unit_dir(state);
	struct settings settings = {
		.configured = {
			[INTERVAL] = "5", [POLICY] = "settings_only",
			[SERVER] = "",
		},
	};

	assert_int_equal(settings_load(&settings, dir), 0);
	assert_holds(&settings, INTERVAL, "5", ORIGIN_CONFIG);
	assert_holds(&settings, POLICY, "settings_only", ORIGIN_CONFIG);
	assert_holds(&settings, SERVER, "", ORIGIN_DEFAULT);
	assert_holds(&settings, TIMER, "0", ORIGIN_DEFAULT);
	assert_int_equal(settings_number(&settings, INTERVAL), 5);
	assert_int_equal(settings_policy(&settings), POLICY_SETTINGS_ONLY);

	assert_set(&settings, dir, INTERVAL);
	assert_stored(&settings, dir);
	assert_int_equal(settings_user_clear(&settings, dir, INTERVAL), 0);
	assert_holds(&settings, INTERVAL, "5", ORIGIN_CONFIG);
	assert_stored(&settings, dir);
}

/* A server's address that uxmcd.conf has can be taken away by hand. */
static void test_set_empty(void **state)
{
	int dir = unit_dir(state);
	struct settings settings = {
		.configured = { [SERVER] = "http://c/{mac}" },
	};

	assert_int_equal(settings_user_set(&settings, dir, SERVER, ""), 0);
	assert_holds(&settings, SERVER, "", ORIGIN_USER);
	assert_stored(&settings, dir);

	assert_set(&settings, dir, FIRMWARE_UXM);
	assert_int_equal(settings_user_set(&settings, dir, FIRMWARE_UXM, ""),
			 0);
	assert_holds(&settings, FIRMWARE_UXM, "", ORIGIN_DEFAULT);
	assert_false(settings.list[FIRMWARE_UXM].by_user);
	assert_stored(&settings, dir);
}

static void test_set_and_clear(void **state)
{
	int dir = unit_dir(state);
	struct settings settings = { 0 };
	enum setting_id id;

	for (id = 0; id < SETTINGS_COUNT; id++) {
		assert_set(&settings, dir, id);
		assert_true(settings.list[id].by_user);
		assert_stored(&settings, dir);
	}
	assert_false(unit_exists(dir, "settings.new"));
	for (id = 0; id < SETTINGS_COUNT; id++) {
		assert_int_equal(settings_user_clear(&settings, dir, id), 0);
		assert_holds(&settings, id, setting_default(id),
			     ORIGIN_DEFAULT);
		assert_false(settings.list[id].by_user);
		assert_stored(&settings, dir);
	}
	assert_file(dir, HEAD "end\n");
}

static void test_normal_form(void **state)
{
	int dir = unit_dir(state);
	struct settings settings = { 0 };

	assert_int_equal(settings_user_set(&settings, dir, POLICY,
					   "never_update_firm"), 0);
	assert_holds(&settings, POLICY, "settings_only", ORIGIN_USER);
	assert_int_equal(settings_user_set(&settings, dir, INTERVAL, "0060"),
			 0);
	assert_holds(&settings, INTERVAL, "60", ORIGIN_USER);
	assert_int_equal(provision(&settings, dir, POLICY, "never_update_boot",
				   ""), 0);
	assert_holds(&settings, POLICY, "settings_only", ORIGIN_SETTING_SERVER);
}

static void test_refused(void **state)
{
	static const struct {
		enum setting_id id;
		const char *value;
		int ret;
	} cases[] = {
		{ FIRMWARE_UXM, "x", -EINVAL },
		{ FIRMWARE_UXM, "http://h/a\nb=c", -EINVAL },
		{ FIRMWARE_STATUS, "ftp://h/x", -EINVAL },
		{ INTERVAL, "525601", -ERANGE },
		{ INTERVAL, "", -EINVAL },
		{ TIMER, "31536001", -ERANGE },
		{ POLICY, "sometimes", -EINVAL },
		{ POLICY, "", -EINVAL },
	};
	int dir = unit_dir(state);
	struct settings settings = { 0 }, before;
	char url[5001];
	size_t i;

	assert_int_equal(settings_user_set(&settings, -1, INTERVAL, "2880000"),
			 -ERANGE);
	before = settings;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(settings_user_set(&settings, dir, cases[i].id,
						   cases[i].value),
				 cases[i].ret);
	memset(url, 'a', sizeof(url));
	memcpy(url, "http://h/", 9);
	url[5000] = '\0';
	assert_int_equal(settings_user_set(&settings, dir, SERVER, url),
			 -E2BIG);
	assert_memory_equal(&settings, &before, sizeof(before));
	assert_false(unit_exists(dir, "settings"));
}

static void test_updated(void **state)
{
	static const char * const permissions[] = { "", "!", "R" };
	int dir = unit_dir(state);
	struct settings settings = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(permissions); i++) {
		assert_int_equal(provision(&settings, dir, FIRMWARE_UXM, OTHER,
					   permissions[i]), 0);
		assert_int_equal(updated(&settings, dir, URL, true),
				 0);
		assert_holds(&settings, FIRMWARE_UXM, URL, ORIGIN_UPDATE);
		assert_true(settings.list[FIRMWARE_UXM].by_user);
		assert_stored(&settings, dir);
		assert_int_equal(updated(&settings, dir, OTHER, false),
				 0);
		assert_holds(&settings, FIRMWARE_UXM, OTHER, ORIGIN_UPDATE);
		assert_false(settings.list[FIRMWARE_UXM].by_user);
		assert_stored(&settings, dir);
	}
	assert_file(dir, HEAD "firmware_uxm.perm=R\nfirmware_uxm=" OTHER
		    "\nend\n");
}

/* By permission: may the user change it, is the user's kept, is it stored? */
static const struct {
	const char *permission;
	bool user_may;
	bool users_stays;
	bool stored;
} permissions[] = {
	{ "", true, false, true },
	{ "$", true, false, true },
	{ "RW", true, false, true },
	{ "!", true, true, true },
	{ "R", false, false, true },
	{ "&", false, false, true },
	{ " ", false, false, true },
	{ "V", false, false, false },
	{ "VR", false, false, false },
	{ "V$", true, false, false },
	{ "V!", true, true, false },
};

/* The user's comes first, then the server's. */
static void try_overwriting(int dir, enum setting_id id, size_t i)
{
	struct settings settings = { 0 };
	bool stays = permissions[i].users_stays || id == FIRMWARE_UXM;

	assert_set(&settings, dir, id);
	assert_int_equal(provision(&settings, dir, id, by_server[id],
				   permissions[i].permission), 0);
	if (stays)
		assert_holds(&settings, id, by_hand[id], ORIGIN_USER);
	else
		assert_holds(&settings, id, by_server[id],
			     ORIGIN_SETTING_SERVER);
	assert_int_equal(settings.list[id].by_user, stays);
}

/* The server's comes first, then the user's, then the server's again. */
static void try_changing(int dir, enum setting_id id, size_t i)
{
	int ret = permissions[i].user_may ? 0 : -EPERM;
	struct settings settings = { 0 };
	const char *first;

	assert_int_equal(provision(&settings, dir, id, by_server[id],
				   permissions[i].permission), 0);
	first = id == FIRMWARE_UXM ? "" : by_server[id];
	assert_string_equal(settings_get(&settings, id), first);
	assert_int_equal(settings_user_set(&settings, dir, id, by_hand[id]),
			 ret);
	assert_string_equal(settings_get(&settings, id),
			    ret ? first : by_hand[id]);
	assert_int_equal(settings_user_clear(&settings, dir, id), ret);
	assert_string_equal(settings_get(&settings, id),
			    ret ? first : setting_default(id));
	assert_int_equal(settings_user_set(&settings, dir, id, "non\tsense"),
			 ret ? -EPERM : -EINVAL);

	/* What was cleared is no value of the user's. */
	assert_int_equal(provision(&settings, dir, id, by_server[id],
				   permissions[i].permission), 0);
	assert_string_equal(settings_get(&settings, id), first);
}

static void try_storing(int dir, enum setting_id id, size_t i)
{
	struct settings settings = { 0 }, loaded = { 0 };
	const char *value = id == FIRMWARE_UXM ? URL : by_server[id];

	file_remove(dir, "settings");
	assert_int_equal(updated(&settings, dir, URL, false), 0);
	assert_int_equal(provision(&settings, dir, id, by_server[id],
				   permissions[i].permission), 0);
	assert_string_equal(settings_get(&settings, id), value);
	assert_stored(&settings, dir);
	boot_anew(dir);
	assert_int_equal(settings_load(&loaded, dir), 0);
	if (permissions[i].stored) {
		assert_same(&settings, &loaded);
		return;
	}
	assert_string_equal(settings_get(&loaded, id), setting_default(id));
	assert_false(loaded.list[id].permission.is_volatile);
}

static void test_permissions(void **state)
{
	int dir = unit_dir(state);
	enum setting_id id;
	size_t i;

	for (id = 0; id < SETTINGS_COUNT; id++)
		for (i = 0; i < ARRAY_SIZE(permissions); i++) {
			try_overwriting(dir, id, i);
			try_changing(dir, id, i);
			try_storing(dir, id, i);
		}
}

/* Of the request nothing is taken; that one has been carried out is told later. */
static void test_firmware_uxm(void **state)
{
	int dir = unit_dir(state);
	struct settings settings = { 0 };

	assert_int_equal(provision(&settings, dir, FIRMWARE_UXM, OTHER, "R"),
			 0);
	assert_holds(&settings, FIRMWARE_UXM, "", ORIGIN_DEFAULT);
	assert_file(dir, HEAD "firmware_uxm.perm=R\nend\n");
	assert_int_equal(settings_user_clear(&settings, dir, FIRMWARE_UXM),
			 -EPERM);
	assert_int_equal(settings_user_set(&settings, dir, FIRMWARE_UXM, ""),
			 -EPERM);
	assert_stored(&settings, dir);

	assert_int_equal(updated(&settings, dir, URL, false), 0);
	assert_int_equal(provision(&settings, dir, FIRMWARE_UXM, OTHER, ""), 0);
	assert_holds(&settings, FIRMWARE_UXM, URL, ORIGIN_UPDATE);
	assert_stored(&settings, dir);
}

static void test_empty_value(void **state)
{
	int dir = unit_dir(state);
	struct settings settings = { 0 };

	assert_set(&settings, dir, SERVER);
	assert_int_equal(provision(&settings, dir, SERVER, "", "R"), 0);
	assert_int_equal(provision(&settings, dir, TIMER, "", "!"), 0);
	assert_holds(&settings, SERVER, by_hand[SERVER], ORIGIN_USER);
	assert_holds(&settings, TIMER, "0", ORIGIN_DEFAULT);
	assert_true(settings.list[SERVER].permission.readonly);
	assert_true(settings.list[TIMER].permission.keeps_user);
	assert_stored(&settings, dir);
}

static void test_provision_several(void **state)
{
	int dir = unit_dir(state);
	struct settings settings = { 0 }, before;
	struct provision said = { 0 };
	enum setting_id id;

	assert_set(&settings, dir, TIMER);
	before = settings;
	assert_int_equal(settings_provision(&settings, dir, &said,
					    ORIGIN_SETTING_SERVER), 0);
	assert_same(&settings, &before);

	for (id = FIRMWARE_STATUS; id <= SERVER; id++)
		say(&said, id, by_server[id], "R");
	assert_int_equal(settings_provision(&settings, dir, &said,
					    ORIGIN_FIRMWARE_STATUS), 0);
	for (id = FIRMWARE_STATUS; id <= SERVER; id++)
		assert_holds(&settings, id, by_server[id],
			     ORIGIN_FIRMWARE_STATUS);
	assert_holds(&settings, TIMER, by_hand[TIMER], ORIGIN_USER);
	assert_stored(&settings, dir);

	/* One that is wrong, and none is taken. */
	before = settings;
	for (id = FIRMWARE_STATUS; id <= SERVER; id++)
		say(&said, id, by_hand[id], "");
	say(&said, TIMER, "nonsense", "");
	assert_int_equal(settings_provision(&settings, dir, &said,
					    ORIGIN_SETTING_SERVER), -EINVAL);
	assert_same(&settings, &before);
	assert_stored(&settings, dir);
	provision_clear(&said);
}

static void test_origin_names(void **state)
{
	(void)state;
	assert_string_equal(setting_origin_name(ORIGIN_DEFAULT), "default");
	assert_string_equal(setting_origin_name(ORIGIN_CONFIG), "config");
	assert_string_equal(setting_origin_name(ORIGIN_SETTING_SERVER),
			    "setting_server");
	assert_string_equal(setting_origin_name(ORIGIN_FIRMWARE_STATUS),
			    "firmware_status");
	assert_string_equal(setting_origin_name(ORIGIN_USER), "user");
	assert_string_equal(setting_origin_name(ORIGIN_UPDATE), "update");
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, unit_make_dir, \
							unit_remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_none_yet), TEST(test_configured),
		TEST(test_set_empty), TEST(test_set_and_clear),
		TEST(test_normal_form), TEST(test_refused),
		TEST(test_updated), TEST(test_permissions),
		TEST(test_firmware_uxm), TEST(test_empty_value),
		TEST(test_provision_several), TEST(test_origin_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
