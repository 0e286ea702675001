// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "access.h"
#include "md5.h"
#include "reply.h"
#include "text.h"
#include "unit.h"

#define MINUTE	60000ULL
#define FROM	"192.0.2.1"

/* A phone with that user and password; none if @pass is empty */
static void open_with(struct access *access, struct settings *settings,
		      const char *user, const char *pass)
{
	memset(settings, 0, sizeof(*settings));
	settings->list[SETTING_HTTP_USER].stored = true;
	text_copy(settings->list[SETTING_HTTP_USER].value, URL_MAX, user);
	settings->list[SETTING_HTTP_PASS].stored = true;
	text_copy(settings->list[SETTING_HTTP_PASS].value, URL_MAX, pass);
	access_open(access, settings);
}

static void change_password(struct settings *settings, const char *pass)
{
	text_copy(settings->list[SETTING_HTTP_PASS].value, URL_MAX, pass);
}

static void test_password(void **state)
{
	static const struct {
		const char *text;
		enum access_result result;
	} cases[] = {
		{ "admin:se:cret", ACCESS_GOOD },
		{ "admin:se:cre", ACCESS_WRONG },
		{ "admin:se:crets", ACCESS_WRONG },
		{ "admin:se:creT", ACCESS_WRONG },
		{ "Admin:se:cret", ACCESS_WRONG },
		{ "admin:", ACCESS_WRONG },
		{ ":se:cret", ACCESS_WRONG },
		{ "admin", ACCESS_WRONG },
		{ "", ACCESS_WRONG },
		{ ":", ACCESS_WRONG },
	};
	struct settings settings;
	struct access access;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		open_with(&access, &settings, "admin", "se:cret");
		assert_true(access_has_password(&access));
		assert_int_equal(access_password(&access, FROM, cases[i].text, 1),
				 cases[i].result);
	}
}

static void test_no_password(void **state)
{
	struct settings settings;
	struct access access;

	(void)state;
	open_with(&access, &settings, "admin", "");
	assert_false(access_has_password(&access));
	assert_int_equal(access_password(&access, FROM, "admin:", 1), ACCESS_NO_PASSWORD);
	assert_int_equal(access_password(&access, FROM, "", 1), ACCESS_NO_PASSWORD);
	assert_int_equal(lockout_failures(&access.lockout, FROM, 1), 0);
}

/* A name is not needed where there is none. */
static void test_no_user(void **state)
{
	struct settings settings;
	struct access access;

	(void)state;
	open_with(&access, &settings, "", "secret");
	assert_int_equal(access_password(&access, FROM, ":secret", 1), ACCESS_GOOD);
	assert_int_equal(access_password(&access, FROM, "x:secret", 1), ACCESS_WRONG);
}

static void guess(struct access *access, unsigned int times, uint64_t now)
{
	while (times--)
		assert_int_equal(access_password(access, FROM, "x:y", now), ACCESS_WRONG);
}

/* More than three block for a minute, and after every three more for twice as long. */
static void test_blocks(void **state)
{
	static const unsigned int minutes[] = { 1, 2, 4, 8, 16, 32, 32, 32 };
	struct settings settings;
	struct access access;
	uint64_t now = 1000;
	size_t i;

	(void)state;
	open_with(&access, &settings, "admin", "secret");
	guess(&access, 1, now);
	for (i = 0; i < ARRAY_SIZE(minutes); i++) {
		guess(&access, 2, now);
		assert_int_equal(access_wait(&access, FROM, now), 0);
		guess(&access, 1, now);
		assert_int_equal(access_wait(&access, FROM, now), minutes[i] * MINUTE);
		/* Not even the right one is looked at, and none counts. */
		assert_int_equal(access_password(&access, FROM, "admin:secret", now),
				 ACCESS_BLOCKED);
		assert_int_equal(access_password(&access, FROM, "x:y", now),
				 ACCESS_BLOCKED);
		now += minutes[i] * MINUTE - 1;
		assert_int_equal(access_wait(&access, FROM, now), 1);
		now++;
		assert_int_equal(access_wait(&access, FROM, now), 0);
	}
	assert_int_equal(access_password(&access, FROM, "admin:secret", now), ACCESS_GOOD);
	guess(&access, 3, now);
	assert_int_equal(access_wait(&access, FROM, now), 0);
}

static void test_digest(void **state)
{
	static const char * const secret[] = { "admin", REPLY_REALM, "secret" };
	struct access_digest digest = { .user = "admin", .middle = "n:1:c:auth:h" };
	char first[MD5_SIZE], response[MD5_SIZE];
	const char * const whole[] = { first, digest.middle };
	struct settings settings;
	struct access access;

	(void)state;
	open_with(&access, &settings, "admin", "secret");
	md5_joined(secret, ARRAY_SIZE(secret), first);
	md5_joined(whole, ARRAY_SIZE(whole), response);
	digest.response = response;
	assert_int_equal(access_digest(&access, FROM, &digest, 1), ACCESS_GOOD);
	digest.user = "other";
	assert_int_equal(access_digest(&access, FROM, &digest, 1), ACCESS_WRONG);
	digest.user = "admin";
	digest.middle = "n:2:c:auth:h";
	assert_int_equal(access_digest(&access, FROM, &digest, 1), ACCESS_WRONG);
	digest.response = "";
	assert_int_equal(access_digest(&access, FROM, &digest, 1), ACCESS_WRONG);
	assert_int_equal(lockout_failures(&access.lockout, FROM, 1), 3);
}

static void test_sessions(void **state)
{
	char name[ACCESS_SESSION_SIZE + 1];
	struct settings settings;
	struct access access;

	(void)state;
	open_with(&access, &settings, "admin", "secret");
	assert_false(access_use(&access, "", 1));
	strcpy(name, access_begin(&access, 1));
	assert_int_equal(strlen(name), ACCESS_SESSION_SIZE);
	assert_true(access_use(&access, name, 1));
	assert_false(access_use(&access, "", 1));
	/* Used every now and then, it lasts. */
	assert_true(access_use(&access, name, 29 * MINUTE));
	assert_true(access_use(&access, name, 58 * MINUTE));
	assert_false(access_use(&access, name, 88 * MINUTE));

	strcpy(name, access_begin(&access, 1));
	name[0] ^= 1;
	assert_false(access_use(&access, name, 1));
	name[0] ^= 1;
	access_end(&access, name);
	assert_false(access_use(&access, name, 1));
}

/* Who has logged in with the old password is out. */
static void test_another_password(void **state)
{
	char name[ACCESS_SESSION_SIZE + 1];
	struct settings settings;
	struct access access;

	(void)state;
	open_with(&access, &settings, "admin", "secret");
	assert_int_equal(access_password(&access, FROM, "admin:secret", 1), ACCESS_GOOD);
	strcpy(name, access_begin(&access, 1));
	guess(&access, 4, 1);
	change_password(&settings, "other");
	assert_false(access_use(&access, name, 1));
	assert_int_equal(access_password(&access, FROM, "admin:secret", 1), ACCESS_WRONG);
	assert_int_equal(access_password(&access, FROM, "admin:other", 1), ACCESS_GOOD);
}

/* With too many of them the one that was not used for longest ends. */
static void test_many_sessions(void **state)
{
	char names[ACCESS_SESSIONS + 1][ACCESS_SESSION_SIZE + 1];
	struct settings settings;
	struct access access;
	size_t i;

	(void)state;
	open_with(&access, &settings, "admin", "secret");
	assert_int_equal(access_password(&access, FROM, "admin:secret", 1), ACCESS_GOOD);
	for (i = 0; i < ACCESS_SESSIONS; i++)
		strcpy(names[i], access_begin(&access, i + 1));
	assert_true(access_use(&access, names[0], 100));
	strcpy(names[i], access_begin(&access, 101));
	for (i = 0; i <= ACCESS_SESSIONS; i++)
		assert_int_equal(access_use(&access, names[i], 102), i != 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_password),
		cmocka_unit_test(test_no_password),
		cmocka_unit_test(test_no_user),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_digest),
		cmocka_unit_test(test_sessions),
		cmocka_unit_test(test_another_password),
		cmocka_unit_test(test_many_sessions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
