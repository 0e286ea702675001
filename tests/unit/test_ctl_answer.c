// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "reply_parse.h"
#include "text.h"
#include "unit.h"

static const struct {
	const char *packet;
	enum reply reply;
	const char *word;
	const char *text;
} good[] = {
	{ "0 accepted uxmc0", REPLY_OK, "accepted", "uxmc0" },
	{ "0 value ", REPLY_OK, "value", "" },
	{ "0 none", REPLY_OK, "none", "" },
	{ "10 too-late it is being flashed", REPLY_TOO_LATE, "too-late",
	  "it is being flashed" },
	{ "0 entry a\tb c\t", REPLY_OK, "entry", "a\tb c\t" },
	{ "0 value  two  blanks ", REPLY_OK, "value", " two  blanks " },
	{ "1 fa\033il \033[31mred\302\233", REPLY_FAILED, "fa?il", "?[31mred??" },
	{ "125 newer x", (enum reply)125, "newer", "x" },
	{ "0 abcdefghijklmnopqrstuvwxyzabcde x", REPLY_OK,
	  "abcdefghijklmnopqrstuvwxyzabcde", "x" },
};

static const char * const bad[] = {
	"", " ", "0", "0 ", "0  x", " 0 word", "word", "word text", "-1 word x",
	"0x1 word", "126 word x", "99999999999999999999 word x", "1\tword x",
	"0 abcdefghijklmnopqrstuvwxyzabcdef x",
};

static void test_parse(void **state)
{
	struct ctl_answer answer;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		assert_int_equal(reply_parse(good[i].packet, &answer), 0);
		assert_int_equal(answer.reply, good[i].reply);
		assert_string_equal(answer.word, good[i].word);
		assert_string_equal(answer.text, good[i].text);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(reply_parse(bad[i], &answer), -EBADMSG);
}

/* The largest packet there may be. */
static void test_parse_large(void **state)
{
	char packet[REPLY_PACKET_MAX];
	struct ctl_answer answer;

	(void)state;
	memset(packet, 'x', sizeof(packet) - 1);
	packet[sizeof(packet) - 1] = '\0';
	assert_int_equal(reply_parse(packet, &answer), -EBADMSG);
	memcpy(packet, "0 value ", 8);
	assert_int_equal(reply_parse(packet, &answer), 0);
	assert_string_equal(answer.text, packet + 8);
}

static void test_old_daemon(void **state)
{
	struct ctl_answer answer;

	(void)state;
	assert_int_equal(reply_parse("2 no-verb this uxmcd does not know that request",
				     &answer), 0);
	assert_int_equal(answer.reply, REPLY_USAGE);
	assert_non_null(strstr(answer.text, "older than uxmcctl"));
}

static void test_goes_on(void **state)
{
	struct ctl_answer answer = { 0 };

	(void)state;
	assert_false(reply_goes_on(&answer));
	strcpy(answer.word, "done");
	assert_false(reply_goes_on(&answer));
	strcpy(answer.word, "step");
	assert_true(reply_goes_on(&answer));
	strcpy(answer.word, "file");
	assert_true(reply_goes_on(&answer));
	strcpy(answer.word, "entry");
	assert_true(reply_goes_on(&answer));
}

static const struct {
	const char *text;
	int ret;
	const char *fields[3];
} splits[] = {
	{ "a\tb c\td", 0, { "a", "b c", "d" } },
	{ "a\tb\tc\tnewer\t", 0, { "a", "b", "c" } },
	{ "-\t-x\t-", 0, { "", "-x", "" } },
	{ "\t\t", 0, { "", "", "" } },
	{ "a\tb", -EBADMSG, { 0 } },
	{ "a b c", -EBADMSG, { 0 } },
	{ "", -EBADMSG, { 0 } },
};

static void test_fields(void **state)
{
	const char *fields[3];
	char text[64];
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(splits); i++) {
		strcpy(text, splits[i].text);
		assert_int_equal(reply_fields(text, fields, 3),
				 splits[i].ret);
		for (j = 0; j < 3 && !splits[i].ret; j++)
			assert_string_equal(fields[j], splits[i].fields[j]);
	}
}

static const struct {
	const char *text;
	int ret;
	struct ctl_step step;
} steps[] = {
	{ "policy ok update_policy is auto_update", 0,
	  { "policy", "ok", "update_policy is auto_update" } },
	{ "retry info ", 0, { "retry", "info", "" } },
	{ "retry info", 0, { "retry", "info", "" } },
	{ "url no - is none", 0, { "url", "no", "- is none" } },
	{ "policy", -EBADMSG, { 0 } },
	{ "policy ", -EBADMSG, { 0 } },
	{ "policy  ok", -EBADMSG, { 0 } },
	{ " policy ok", -EBADMSG, { 0 } },
	{ "", -EBADMSG, { 0 } },
};

static void test_step(void **state)
{
	struct ctl_step step;
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		strcpy(text, steps[i].text);
		assert_int_equal(reply_step(text, &step), steps[i].ret);
		if (steps[i].ret)
			continue;
		assert_string_equal(step.rule, steps[i].step.rule);
		assert_string_equal(step.outcome, steps[i].step.outcome);
		assert_string_equal(step.text, steps[i].step.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_large),
		cmocka_unit_test(test_old_daemon),
		cmocka_unit_test(test_goes_on),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
