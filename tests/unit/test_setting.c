// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "setting.h"
#include "text.h"
#include "unit.h"

static void test_names(void **state)
{
	char all[512] = "";
	enum setting_id id, found;

	(void)state;
	for (id = 0; id < SETTINGS_COUNT; id++) {
		assert_int_equal(setting_find(setting_name(id), &found), 0);
		assert_int_equal(found, id);
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s",
			 id ? ", " : "", setting_name(id));
	}
	assert_string_equal(all, setting_names());

	assert_int_equal(setting_find("use_hidden_tags", &found), 0);
	assert_int_equal(found, SETTING_RESTRICT_URI_QUERIES);

	found = SETTING_UPDATE_POLICY;
	assert_int_equal(setting_find("colour", &found), -ENOENT);
	assert_int_equal(setting_find("", &found), -ENOENT);
	assert_int_equal(setting_find("firmware", &found), -ENOENT);
	assert_int_equal(setting_find("FIRMWARE_UXM", &found), -ENOENT);
	assert_int_equal(setting_find("firmware_uxm ", &found), -ENOENT);
	assert_int_equal(found, SETTING_UPDATE_POLICY);
}

static void test_defaults(void **state)
{
	static const char * const defaults[SETTINGS_COUNT] = {
		"", "", "2880", "auto_update", "", "0", "", "", "", "", "off",
	};
	char normal[URL_MAX + 1];
	enum setting_id id;

	(void)state;
	for (id = 0; id < SETTINGS_COUNT; id++) {
		assert_string_equal(setting_default(id), defaults[id]);
		assert_int_equal(setting_check(id, defaults[id], normal), 0);
		assert_string_equal(normal, defaults[id]);
	}
}

static void test_secrets(void **state)
{
	enum setting_id id;

	(void)state;
	for (id = 0; id < SETTINGS_COUNT; id++)
		assert_int_equal(setting_is_secret(id),
				 id == SETTING_HTTP_CLIENT_PASS ||
				 id == SETTING_HTTP_USER || id == SETTING_HTTP_PASS);
}

#define FIRMWARE_UXM	SETTING_FIRMWARE_UXM
#define FIRMWARE_STATUS	SETTING_FIRMWARE_STATUS
#define INTERVAL	SETTING_FIRMWARE_INTERVAL
#define POLICY		SETTING_UPDATE_POLICY
#define SERVER		SETTING_SETTING_SERVER
#define TIMER		SETTING_SETTINGS_REFRESH_TIMER
#define CLIENT_USER	SETTING_HTTP_CLIENT_USER
#define CLIENT_PASS	SETTING_HTTP_CLIENT_PASS
#define USER		SETTING_HTTP_USER
#define PASS		SETTING_HTTP_PASS
#define RESTRICT	SETTING_RESTRICT_URI_QUERIES

/* A secret that is as long as one may be */
#define LONG		"0123456789abcdef0123456789abcdef" \
			"0123456789abcdef0123456789abcdef" \
			"0123456789abcdef0123456789abcdef" \
			"0123456789abcdef0123456789abcde"

static const struct {
	enum setting_id id;
	const char *value;
	int ret;
	const char *normal;
} cases[] = {
	{ FIRMWARE_UXM, "", 0, "" },
	{ FIRMWARE_UXM, "http://h/{mac}/x?a=b&c=d", 0,
	  "http://h/{mac}/x?a=b&c=d" },
	{ FIRMWARE_UXM, "HTTPS://h", 0, "HTTPS://h" },
	{ FIRMWARE_UXM, "http://h/a b", -EINVAL, NULL },
	{ FIRMWARE_UXM, "http://h/a\nb=c", -EINVAL, NULL },
	{ FIRMWARE_UXM, "ftp://h/x", -EINVAL, NULL },
	{ FIRMWARE_UXM, "http://", -EINVAL, NULL },
	{ FIRMWARE_UXM, "x", -EINVAL, NULL },
	{ FIRMWARE_UXM, " ", -EINVAL, NULL },
	{ FIRMWARE_STATUS, "", 0, "" },
	{ FIRMWARE_STATUS, "http://h/s.xml", 0, "http://h/s.xml" },
	{ FIRMWARE_STATUS, "file:///etc/passwd", -EINVAL, NULL },
	{ SERVER, "", 0, "" },
	{ SERVER, "http://h/{mac}.xml", 0, "http://h/{mac}.xml" },
	{ SERVER, "h/{mac}.xml", -EINVAL, NULL },

	{ CLIENT_USER, "", 0, "" },
	{ CLIENT_USER, "phone of all", 0, "phone of all" },
	{ CLIENT_USER, "a:b", -EINVAL, NULL },
	{ CLIENT_USER, LONG, 0, LONG },
	{ CLIENT_USER, LONG "x", -E2BIG, NULL },
	{ CLIENT_PASS, "", 0, "" },
	{ CLIENT_PASS, " a:b\xc3\xa4 ", 0, " a:b\xc3\xa4 " },
	{ CLIENT_PASS, "a\tb", -EINVAL, NULL },
	{ CLIENT_PASS, "a\nb", -EINVAL, NULL },
	{ CLIENT_PASS, LONG, 0, LONG },
	{ CLIENT_PASS, LONG "x", -E2BIG, NULL },
	{ USER, "", 0, "" },
	{ USER, "admin of all", 0, "admin of all" },
	{ USER, "a:b", -EINVAL, NULL },
	{ USER, LONG, 0, LONG },
	{ USER, LONG "x", -E2BIG, NULL },
	{ PASS, "", 0, "" },
	{ PASS, " a:b\xc3\xa4 ", 0, " a:b\xc3\xa4 " },
	{ PASS, "a\tb", -EINVAL, NULL },
	{ PASS, "a\nb", -EINVAL, NULL },
	{ PASS, LONG, 0, LONG },
	{ PASS, LONG "x", -E2BIG, NULL },
	{ RESTRICT, "on", 0, "on" },
	{ RESTRICT, "off", 0, "off" },
	{ RESTRICT, "", -EINVAL, NULL },
	{ RESTRICT, "yes", -EINVAL, NULL },

	{ INTERVAL, "0", 0, "0" },
	{ INTERVAL, "1", 0, "1" },
	{ INTERVAL, "525600", 0, "525600" },
	{ INTERVAL, "525601", -ERANGE, NULL },
	{ INTERVAL, "0002880", 0, "2880" },
	{ INTERVAL, "0000", 0, "0" },
	{ INTERVAL, "00000000000000000000000000000000000000001", 0, "1" },
	{ INTERVAL, "18446744073709551616", -ERANGE, NULL },
	{ INTERVAL, "184467440737095516170", -ERANGE, NULL },
	{ INTERVAL, "", -EINVAL, NULL },
	{ INTERVAL, "-1", -EINVAL, NULL },
	{ INTERVAL, "+1", -EINVAL, NULL },
	{ INTERVAL, " 1", -EINVAL, NULL },
	{ INTERVAL, "1 ", -EINVAL, NULL },
	{ INTERVAL, "1.5", -EINVAL, NULL },
	{ INTERVAL, "0x10", -EINVAL, NULL },
	{ INTERVAL, "daily", -EINVAL, NULL },
	{ TIMER, "0", 0, "0" },
	{ TIMER, "31536000", 0, "31536000" },
	{ TIMER, "31536001", -ERANGE, NULL },
	{ TIMER, "086400", 0, "86400" },
	{ TIMER, "", -EINVAL, NULL },
	{ TIMER, "-1", -EINVAL, NULL },

	{ POLICY, "auto_update", 0, "auto_update" },
	{ POLICY, "ask_for_update", 0, "ask_for_update" },
	{ POLICY, "settings_only", 0, "settings_only" },
	{ POLICY, "never_update", 0, "never_update" },
	{ POLICY, "never_update_firm", 0, "settings_only" },
	{ POLICY, "never_update_boot", 0, "settings_only" },
	{ POLICY, "", -EINVAL, NULL },
	{ POLICY, "never_update_", -EINVAL, NULL },
	{ POLICY, "Auto_Update", -EINVAL, NULL },
	{ POLICY, "auto_update ", -EINVAL, NULL },
	{ POLICY, "0", -EINVAL, NULL },
};

static void test_check(void **state)
{
	char normal[URL_MAX + 1];
	size_t i;
	int ret;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		strcpy(normal, "untouched");
		ret = setting_check(cases[i].id, cases[i].value, normal);
		if (ret != cases[i].ret)
			fail_msg("%s=%s: %d", setting_name(cases[i].id),
				 cases[i].value, ret);
		assert_string_equal(normal, ret ? "untouched" :
						  cases[i].normal);
	}
}

static void test_long_urls(void **state)
{
	static const enum setting_id ids[] = {
		FIRMWARE_UXM, FIRMWARE_STATUS, SERVER
	};
	char url[URL_MAX + 2], normal[URL_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		memset(url, 'a', sizeof(url));
		memcpy(url, "http://h/", 9);
		url[URL_MAX + 1] = '\0';
		assert_int_equal(setting_check(ids[i], url, normal), -E2BIG);
		url[URL_MAX] = '\0';
		assert_int_equal(setting_check(ids[i], url, normal), 0);
		assert_string_equal(normal, url);
	}
}

/* What the sentences say of the ranges is what is checked. */
static void test_wants(void **state)
{
	(void)state;
	assert_string_equal(setting_wants(INTERVAL),
			    "a number of minutes, 0 to 525600");
	assert_string_equal(setting_wants(TIMER),
			    "a number of seconds, 0 to 31536000");
	assert_string_equal(setting_wants(POLICY),
			    "auto_update, ask_for_update, settings_only or never_update");
	assert_non_null(strstr(setting_wants(FIRMWARE_UXM), "https://"));
	assert_non_null(strstr(setting_wants(FIRMWARE_STATUS), "https://"));
	assert_non_null(strstr(setting_wants(SERVER), "https://"));
}

static void test_policy(void **state)
{
	(void)state;
	assert_int_equal(setting_policy("auto_update"), POLICY_AUTO);
	assert_int_equal(setting_policy("ask_for_update"), POLICY_ASK);
	assert_int_equal(setting_policy("settings_only"), POLICY_SETTINGS_ONLY);
	assert_int_equal(setting_policy("never_update"), POLICY_NEVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_long_urls),
		cmocka_unit_test(test_wants),
		cmocka_unit_test(test_policy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
