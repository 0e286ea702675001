// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "text.h"
#include "unit_provision.h"

/* What is not ours may be as wrong as it likes, if only its end can be seen. */
static void test_mistakes_elsewhere(void **state)
{
	static const struct shape shapes[] = {
		{ "another end tag",
		  IN("<a>x</b><firmware_uxm>x</firmware_uxm>"),
		  UXM("", "x") },
		{ "entities",
		  IN("<a>&nbsp;&foo;&#0;</a><firmware_uxm>x</firmware_uxm>"),
		  UXM("", "x") },
		{ "attributes twice",
		  "<settings e=\"1\" e=\"2\"><a b=\"c\" b=\"d\">x</a>\n"
		  "<firmware_uxm>x</firmware_uxm></settings>",
		  UXM("", "x") },
		{ "control characters",
		  IN("<a>\x01\x02</a><firmware_uxm>x</firmware_uxm>"),
		  UXM("", "x") },
		{ "less than", IN("<a>1 < 2 && 3 > 2 ]]></a>\n"
		     "<firmware_uxm>x</firmware_uxm>"),
		  UXM("", "x") },
		{ "a DOCTYPE",
		  "<!DOCTYPE settings SYSTEM \"file:///etc/passwd\">\n"
		  IN("<firmware_uxm>x</firmware_uxm>"),
		  UXM("", "x") },
		{ "text among the tags",
		  IN("so&so <firmware_uxm>x</firmware_uxm> / "),
		  UXM("", "x") },
		{ "the end of an end tag", IN("<a>x</a b>\n"
		     "<firmware_uxm>x</firmware_uxm>"),
		  UXM("", "x") },
	};

	(void)state;
	check(shapes, ARRAY_SIZE(shapes));
}

static void test_errors(void **state)
{
	static const struct shape shapes[] = {
		{ "nothing", "", "line 1: " },
		{ "blanks", "\n\n\n", "line " },
		{ "text", "Not Found", "line 1: " },
		{ "another root", "<!DOCTYPE html>\n<html lang=en><body>",
		  "line 2: the root is <html>: not a settings file" },
		{ "another root, on one line",
		  "<!doctype html><html><script>if (a<b) c(\"<\")</script>",
		  "line 1: the root is <html>: not a settings file" },
		{ "one of ours as the root",
		  "\n<firmware_uxm>x</firmware_uxm>",
		  "line 2: the root is <firmware_uxm>: not a settings file" },
		{ "another root, not in ASCII", "<\xc3\xa4\xc3\xa4/>",
		  "line 1: the root is <\?\?\?\?>: not a settings file" },
		{ "cut off", "<settings>\n<firmware_uxm>x</firmware_uxm>\n",
		  "line 3: " },
		{ "cut off in a value", "<settings>\n<firmware_uxm>htt",
		  "line 2: " },
		{ "cut off in a tag", "<settings>\n<firmware_uxm>x</firmware_",
		  "line 2: a tag has no end" },
		{ "cut off in a comment", "<settings/>\n<!--\n",
		  "line 2: a comment has no end" },
		{ "more", "<settings/>\n<settings/>", "line 1: " },
		{ "more text", IN("<a></b>") "\nx", "line 1: " },
		{ "another end tag",
		  "<settings>\n<firmware_uxm>x\n</firmware></settings>",
		  "line 3: Opening and ending tag mismatch: firmware_uxm line 2 and firmware" },
		{ "the container's end",
		  "<settings>\n<a></b></a>\n<firmware_uxm>x</firmware_uxm></settings>",
		  "line 2: Opening and ending tag mismatch: settings line 1 and a" },
		{ "an end tag that is missing",
		  "<settings>\n<a>\n<firmware_uxm>x</firmware_uxm>\n</settings>\n",
		  "line 4: Opening and ending tag mismatch: a line 2 and settings" },
		{ "its end tag",
		  "<settings>\n<firmware_uxm>x</firmware_uxm y></settings>",
		  "line 2: " },
		{ "a < in an attribute",
		  "<settings>\n<fkey label=\"a<b\">x</fkey></settings>",
		  "line 2: there is a < in a tag: either the tag has no end, or that" },
		{ "a < in a text",
		  "<settings>\n<fkey>a<b</fkey></settings>",
		  "line 2: there is a < in a tag" },
		{ "entities",
		  "<!DOCTYPE settings [\n<!ENTITY a \"b\">\n]>"
		  IN("<firmware_uxm>&a;</firmware_uxm>"),
		  "line 1: declarations in the DOCTYPE, such as of entities, are not allowed" },
	};
	const struct provision_entry like = { .line = 1 };
	struct provision provision = { 0 }, untouched;
	size_t i;

	(void)state;
	assert_int_equal(provision_set(&provision, SETTING_FIRMWARE_UXM, &like,
				       URL), 0);
	untouched = provision;
	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		if (parse(shapes[i].data, strlen(shapes[i].data),
			  &provision) != -EINVAL ||
		    strncmp(error, shapes[i].says,
			    strlen(shapes[i].says)))
			fail_msg("%s: %s", shapes[i].name, error);
		assert_memory_equal(&provision, &untouched, sizeof(untouched));
	}
}

/* Mending and conversion add and remove no lines. */
static void test_lines(void **state)
{
	static const char text[] =
		"\xef\xbb\xbf\n<?xml version=\"1.0\"\n?>\n"
		"<!-- &\n&\n -->\r\n"
		"<!DOCTYPE\nsettings>\n"
		"<settings\n e=2\n>\n"
		"<a b=c& d>&\n&amp;\n<![CDATA[\n&\n]]>\xfc\n</a>\n"
		"<update_policy>\nauto_update</update_policy>\n"
		"<firmware_uxm perm=R\n>\n&x&</firmware_uxm>\n"
		"</settings>\n";
	struct provision provision = { 0 };

	(void)state;
	assert_int_equal(parse(text, strlen(text), &provision), 0);
	assert_int_equal(provision.list[SETTING_UPDATE_POLICY]->line, 18);
	assert_int_equal(provision.list[SETTING_FIRMWARE_UXM]->line, 21);
	assert_string_equal(provision.list[SETTING_FIRMWARE_UXM]->value, "&x&");
	assert_null(provision.list[SETTING_SETTING_SERVER]);
	provision_clear(&provision);
}

/* Sentences about entries that are wrong */
#define NO_CHARACTER	"there is a character in it that cannot be in such a file;"
#define NO_PERMISSION	"there is no such permission (perm);"
#define NO_PIN		"sha256: a SHA-256 is 64 hexadecimal digits;"
#define NO_SHARE \
	"rollout: a share of all phones is a number of per cent, 0 to 100;"
#define NO_POLICY \
	"it takes auto_update, ask_for_update, settings_only or never_update;"
#define NO_URL		"it takes a complete http:// or https:// URL, or nothing;"

/* Such an entry costs itself alone. */
static void test_dropped(void **state)
{
	static const struct shape shapes[] = {
		{ "a tag in a value",
		  "<settings>\n<update_policy>\nx<b>y</b></update_policy>\n"
		  "<firmware_uxm>x</firmware_uxm></settings>",
		  UXM("", "x") "line 2: update_policy: there is a tag in its value;" },
		{ "one of ours in a value",
		  IN("<update_policy><firmware_interval>1</firmware_interval></update_policy>\n"
		     "<firmware_uxm>x</firmware_uxm>"),
		  UXM("", "x") "line 1: update_policy: there is a tag in its value;" },
		{ "a character that is none",
		  IN("<firmware_status>http://h/&#0;y</firmware_status>\n"
		     "<firmware_uxm>x</firmware_uxm>"),
		  UXM("", "x") "line 1: firmware_status: " NO_CHARACTER },
		{ "one at the end",
		  IN("<firmware_status>http://h/x\x01</firmware_status>\n"
		     "<firmware_uxm>x</firmware_uxm>"),
		  UXM("", "x") "line 1: firmware_status: " NO_CHARACTER },
		{ "perm twice",
		  IN("<update_policy perm='R' perm='!'>auto_update</update_policy>\n"
		     "<firmware_uxm>x</firmware_uxm>"),
		  UXM("", "x") "line 1: update_policy: its tag has an attribute twice;" },
		{ "perm",
		  "<settings>\n<update_policy perm=\"RO\">auto_update</update_policy>\n"
		  "<firmware_uxm perm=\"R\">x</firmware_uxm></settings>",
		  UXM("R", "x") "line 2: update_policy: " NO_PERMISSION },
		{ "a long perm",
		  IN("<update_policy perm=\"RRRRRRRRRRRRRRRRRR\">auto_update</update_policy>"),
		  "line 1: update_policy: " NO_PERMISSION },
		{ "a pin too short",
		  IN("<firmware_uxm sha256=\"ba78\">x</firmware_uxm>"),
		  "line 1: firmware_uxm: " NO_PIN "spoiled" },
		{ "a pin too long",
		  IN("<firmware_uxm sha256=\"" SHA256 "0\">x</firmware_uxm>"),
		  "line 1: firmware_uxm: " NO_PIN "spoiled" },
		{ "an empty pin",
		  IN("<firmware_uxm sha256=\"\">x</firmware_uxm>"),
		  "line 1: firmware_uxm: " NO_PIN "spoiled" },
		{ "a pin without value",
		  IN("<firmware_uxm sha256>x</firmware_uxm>"),
		  "line 1: firmware_uxm: " NO_PIN "spoiled" },
		{ "a pin with a blank",
		  IN("<firmware_uxm sha256=\"" SHA256 " \">x</firmware_uxm>"),
		  "line 1: firmware_uxm: " NO_PIN "spoiled" },
		{ "one that is not pinned does not take the place of one that is badly",
		  IN("<firmware_uxm>x</firmware_uxm>\n"
		     "<firmware_uxm sha256=\"ba78\">y</firmware_uxm>\n"
		     "<update_policy>auto_update</update_policy>"),
		  "update_policy()=auto_update;line 2: firmware_uxm: " NO_PIN "spoiled" },
		{ "two pins",
		  IN("<firmware_uxm sha256='" SHA256 "' sha256='" OTHER "'>x</firmware_uxm>"),
		  "line 1: firmware_uxm: its tag has an attribute twice;spoiled" },
		{ "a rollout too large",
		  IN("<firmware_uxm rollout='101'>x</firmware_uxm>"),
		  "line 1: firmware_uxm: " NO_SHARE "spoiled" },
		{ "a rollout too long",
		  IN("<firmware_uxm rollout='00000000000000000050'>x</firmware_uxm>"),
		  "line 1: firmware_uxm: " NO_SHARE "spoiled" },
		{ "an empty rollout",
		  IN("<firmware_uxm rollout=''>x</firmware_uxm>"),
		  "line 1: firmware_uxm: " NO_SHARE "spoiled" },
		{ "a rollout with its unit, which costs no other entry",
		  IN("<firmware_uxm>x</firmware_uxm>\n"
		     "<firmware_uxm rollout='5%'>y</firmware_uxm>\n"
		     "<update_policy>auto_update</update_policy>"),
		  "update_policy()=auto_update;line 2: firmware_uxm: " NO_SHARE "spoiled" },
		{ "two rollouts",
		  IN("<firmware_uxm rollout='5' rollout='6'>x</firmware_uxm>"),
		  "line 1: firmware_uxm: its tag has an attribute twice;spoiled" },
		{ "a number",
		  "<settings>\n\n<firmware_interval>\n2d\n</firmware_interval>\n"
		  "<update_policy>auto_update</update_policy></settings>",
		  "update_policy()=auto_update;"
		  "line 3: firmware_interval: it takes a number of minutes, 0 to 525600;" },
		{ "a number out of range",
		  IN("<settings_refresh_timer>31536001</settings_refresh_timer>"),
		  "line 1: settings_refresh_timer: it takes a number of seconds, 0 to 31536000;" },
		{ "a policy, before another",
		  IN("<update_policy>x</update_policy><update_policy>auto_update</update_policy>"),
		  "update_policy()=auto_update;"
		  "line 1: update_policy: " NO_POLICY },
		{ "a policy, behind another",
		  IN("<update_policy>auto_update</update_policy><update_policy>x</update_policy>"),
		  "update_policy()=auto_update;"
		  "line 1: update_policy: " NO_POLICY },
		{ "a URL", IN("<firmware_status>ftp://h/x</firmware_status>"),
		  "line 1: firmware_status: " NO_URL },
		{ "a line's end in the URL",
		  IN("<firmware_uxm>http://h/a\nb</firmware_uxm>"),
		  "line 1: firmware_uxm: " NO_URL "spoiled" },
		{ "an image, before another",
		  IN("<firmware_uxm perm='X'>x</firmware_uxm><firmware_uxm>y</firmware_uxm>"),
		  UXM("", "y") "line 1: firmware_uxm: " NO_PERMISSION },
		{ "an image, behind another",
		  IN("<firmware_uxm>y</firmware_uxm><firmware_uxm perm='X'>x</firmware_uxm>"),
		  "line 1: firmware_uxm: " NO_PERMISSION "spoiled" },
		{ "an empty one after that",
		  IN("<firmware_uxm perm='X'>x</firmware_uxm><firmware_uxm/>"),
		  "line 1: firmware_uxm: " NO_PERMISSION "spoiled" },
		{ "a wrong one that is empty", IN("<firmware_uxm perm='X'/>"), "" },
	};

	(void)state;
	check(shapes, ARRAY_SIZE(shapes));
}

/* Of many that are wrong the first are told. */
static void test_many_dropped(void **state)
{
	struct provision provision = { 0 };
	const struct provision_line *line;
	char text[4096] = "<settings>\n";
	int i;

	(void)state;
	for (i = 0; i < 2 * PROVISION_DROPPED_MAX; i++)
		add(text, sizeof(text), "<update_policy>x</update_policy>\n");
	add(text, sizeof(text), "<firmware_uxm>x</firmware_uxm></settings>");
	assert_int_equal(parse(text, strlen(text), &provision), 0);
	assert_int_equal(provision_count(provision.dropped), PROVISION_DROPPED_MAX);
	for (line = provision.dropped; line->next; line = line->next)
		;
	assert_int_equal(line->line, PROVISION_DROPPED_MAX + 1);
	assert_string_equal(line->text,
			    "from here on there may be more that does not count");
	assert_non_null(provision.list[SETTING_FIRMWARE_UXM]);
	provision_clear(&provision);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mistakes_elsewhere),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_dropped),
		cmocka_unit_test(test_many_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
