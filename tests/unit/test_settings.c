// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "../../uxmcd/settings.h"
#include "../../uxmcd/text.h"
#include "unit.h"

#define URL	"http://h/{mac}/snomD7C-1.6.1-r.bin?a=b&c=d=e"

static void test_none_yet(void **state)
{
	struct settings settings = { "junk" };
	const char *value;

	assert_int_equal(settings_load(&settings, unit_dir(state)), 0);
	assert_int_equal(settings_get(&settings, "firmware_uxm", &value), 0);
	assert_string_equal(value, "");
}

static void test_round_trip(void **state)
{
	int dir = unit_dir(state);
	struct settings settings = { "" }, loaded;

	assert_int_equal(settings_set(&settings, dir, "firmware_uxm", URL), 0);
	assert_string_equal(settings.firmware_uxm, URL);
	assert_false(unit_exists(dir, "settings.new"));
	assert_int_equal(settings_load(&loaded, dir), 0);
	assert_string_equal(loaded.firmware_uxm, URL);

	assert_int_equal(settings_set(&settings, dir, "firmware_uxm", ""), 0);
	assert_int_equal(settings_load(&loaded, dir), 0);
	assert_string_equal(loaded.firmware_uxm, "");
}

static void test_refusals(void **state)
{
	int dir = unit_dir(state);
	struct settings settings = { URL };
	const char *value = "untouched";
	char url[5001];

	assert_int_equal(settings_get(&settings, "colour", &value), -ENOENT);
	assert_string_equal(value, "untouched");
	assert_int_equal(settings_set(&settings, dir, "colour", "x"), -ENOENT);
	assert_int_equal(settings_set(&settings, dir, "", "x"), -ENOENT);
	assert_int_equal(settings_set(&settings, dir, "firmware_uxm", "x"),
			 -EINVAL);
	assert_int_equal(settings_set(&settings, dir, "firmware_uxm",
				      "http://h/a\nb=c"), -EINVAL);
	memset(url, 'a', sizeof(url));
	memcpy(url, "http://h/", 9);
	url[5000] = '\0';
	assert_int_equal(settings_set(&settings, dir, "firmware_uxm", url),
			 -EINVAL);
	assert_string_equal(settings.firmware_uxm, URL);
	assert_false(unit_exists(dir, "settings"));
}

/* What cannot be stored is not shown as if it were. */
static void test_not_stored(void **state)
{
	struct settings settings = { "http://h/old" };

	(void)state;
	assert_int_equal(settings_set(&settings, -1, "firmware_uxm", URL),
			 -EBADF);
	assert_string_equal(settings.firmware_uxm, "http://h/old");
}

static void test_damaged(void **state)
{
	static const char * const texts[] = {
		"", "uxmcd-settings 1\n", "uxmcd-settings 1\nfirmware_uxm=",
		"uxmcd-settings 1\nfirmware_uxm=http://h/x\n",
		"uxmcd-settings 1\nfirmware_uxm=nonsense\nend\n",
		"uxmcd-settings 1\nfirmware_uxm\nend\n",
		"something else\n",
	};
	int dir = unit_dir(state);
	struct settings settings;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		unit_write(dir, "settings", texts[i]);
		assert_int_equal(settings_load(&settings, dir), -EINVAL);
		assert_string_equal(settings.firmware_uxm, "");
		assert_false(unit_exists(dir, "settings"));
		assert_true(unit_exists(dir, "settings.damaged"));
	}
}

static void test_later_version(void **state)
{
	int dir = unit_dir(state);
	struct settings settings;

	unit_write(dir, "settings",
		   "uxmcd-settings 1\nupdate_policy=auto_update\nfirmware_uxm=" URL "\nend\n");
	assert_int_equal(settings_load(&settings, dir), 0);
	assert_string_equal(settings.firmware_uxm, URL);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, unit_make_dir, \
							unit_remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_none_yet), TEST(test_round_trip),
		TEST(test_refusals), TEST(test_not_stored),
		TEST(test_damaged), TEST(test_later_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
