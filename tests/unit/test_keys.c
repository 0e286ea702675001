// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "keys.h"
#include "text.h"
#include "unit.h"

#define COMMENT	"untrusted comment: minisign public key 7CAF594D46C6C503\n"
#define KEY	"RWQDxcZGTVmvfPt2LCdbWaQxzaAzIkdhaJFUDbdfJcU9w47SmTUQpPlo\n"
/* Another one of the same id */
#define OTHER	"RWQDxcZGTVmvfAAALCdbWaQxzaAzIkdhaJFUDbdfJcU9w47SmTUQpPlo\n"
#define SECOND	"RWRDxcZGTVmvfPt2LCdbWaQxzaAzIkdhaJFUDbdfJcU9w47SmTUQpPlo\n"

static struct keys keys;
static char error[128];

static int parse(const char *text)
{
	*error = '\0';
	return keys_parse(&keys, text, strlen(text), error, sizeof(error));
}

static void test_good(void **state)
{
	static const struct {
		const char *text;
		size_t count;
	} good[] = {
		{ COMMENT KEY, 1 },
		{ KEY, 1 },
		{ COMMENT KEY COMMENT SECOND, 2 },
		{ "# ours\n\n" KEY "\n#\n" SECOND "\n", 2 },
		{ COMMENT "RWQDxcZGTVmvfPt2LCdbWaQxzaAzIkdhaJFUDbdfJcU9w47SmTUQpPlo", 1 },
		{ "RWQDxcZGTVmvfPt2LCdbWaQxzaAzIkdhaJFUDbdfJcU9w47SmTUQpPlo \t\r\n", 1 },
	};
	char name[KEYS_NAME_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		assert_int_equal(parse(good[i].text), 0);
		assert_int_equal(keys.count, good[i].count);
		keys_name(keys.list[0].id, name);
		assert_string_equal(name, "7CAF594D46C6C503");
		assert_int_equal(keys.list[0].key[0], 0xfb);
		assert_int_equal(keys.list[0].key[31], 0x68);
	}
}

/* With an empty line behind them */
static const char *many(size_t count)
{
	static char text[(KEYS_MAX + 1) * sizeof(KEY) + 2];

	*text = '\0';
	while (count--)
		strcat(text, KEY);
	return strcat(text, "\n");
}

static void test_bad(void **state)
{
	static const struct {
		const char *text;
		const char *error;
	} bad[] = {
		{ "", "there is no key in it" },
		{ "\n\n# none\n" COMMENT, "there is no key in it" },
		{ COMMENT " " KEY, "line 2: it is no public key of minisign" },
		{ KEY "RWQ\n", "line 2: it is no public key of minisign" },
		{ "A" KEY, "line 1: it is no public key of minisign" },
		{ KEY "http://h/\n", "line 2: it is no public key of minisign" },
		/* a signature, a secret key: of other letters */
		{ "RUQDxcZGTVmvfPt2LCdbWaQxzaAzIkdhaJFUDbdfJcU9w47SmTUQpPlo\n",
		  "line 1: it is no public key of minisign" },
		{ "\xff\xfe", "line 1: it is no public key of minisign" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(parse(bad[i].text), -EINVAL);
		assert_string_equal(error, bad[i].error);
		assert_int_equal(keys.count, 0);
	}
	assert_int_equal(parse(many(KEYS_MAX + 1)), -EINVAL);
	assert_string_equal(error, "line 17: there are more than 16 keys");
	assert_int_equal(parse(many(KEYS_MAX)), 0);
	assert_int_equal(keys.count, KEYS_MAX);
	assert_int_equal(keys_parse(&keys, "\0" KEY, sizeof(KEY), error,
				    sizeof(error)), -EINVAL);
}

static void test_find(void **state)
{
	static const unsigned char unknown[KEYS_ID_SIZE];
	const struct key *key;
	char name[KEYS_NAME_SIZE];

	(void)state;
	assert_int_equal(parse(SECOND KEY OTHER), 0);
	keys_name(keys.list[2].id, name);
	assert_true(keys_have(&keys, name));
	assert_false(keys_have(&keys, ""));
	assert_false(keys_have(&keys, name + 1));
	key = keys_find(&keys, keys.list[1].id, NULL);
	assert_ptr_equal(key, &keys.list[1]);
	key = keys_find(&keys, keys.list[1].id, key);
	assert_ptr_equal(key, &keys.list[2]);
	assert_null(keys_find(&keys, keys.list[1].id, key));
	assert_null(keys_find(&keys, unknown, NULL));
	keys.count = 1;
	assert_false(keys_have(&keys, name));
	keys.count = 0;
	assert_false(keys_have(&keys, name));
	assert_null(keys_find(&keys, keys.list[1].id, NULL));
}

static void test_load(void **state)
{
	char path[64], huge[KEYS_FILE_MAX + 2];
	int dir = unit_dir(state);

	snprintf(path, sizeof(path), "/proc/self/fd/%d/keys", dir);
	assert_int_equal(keys_load(&keys, path, error, sizeof(error)), -ENOENT);
	assert_string_equal(error, "No such file or directory");
	unit_write(dir, "keys", COMMENT KEY);
	assert_int_equal(keys_load(&keys, path, error, sizeof(error)), 0);
	assert_int_equal(keys.count, 1);
	unit_write(dir, "keys", "none");
	assert_int_equal(keys_load(&keys, path, error, sizeof(error)), -EINVAL);
	assert_int_equal(keys.count, 0);
	memset(huge, '\n', sizeof(huge) - 1);
	huge[sizeof(huge) - 1] = '\0';
	unit_write(dir, "keys", huge);
	assert_int_equal(keys_load(&keys, path, error, sizeof(error)), -EFBIG);
	assert_int_not_equal(keys_load(&keys, "/", error, sizeof(error)), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good), cmocka_unit_test(test_bad),
		cmocka_unit_test(test_find),
		cmocka_unit_test_setup_teardown(test_load, unit_make_dir,
						unit_remove_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
