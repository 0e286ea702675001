// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "provision_parse.h"
#include "text.h"
#include "unit.h"

#define URL	"http://h/snomD7C-1.6.1-r.bin"
#define IN(text)	"<settings>" text "</settings>"

static char error[256];

static int parse(const char *data, size_t size, struct provision *provision)
{
	strcpy(error, "");
	return provision_parse("f.xml", data, size, provision, error,
			       sizeof(error));
}

/* "firmware_uxm(R)=URL;" and so on, of all that the file says. */
static const char *said(const char *data)
{
	static char text[8192];
	struct provision provision = { 0 };
	size_t length = 0, i;

	if (parse(data, strlen(data), &provision))
		return error;
	text[0] = '\0';
	for (i = 0; i < SETTINGS_COUNT; i++) {
		const struct provision_entry *entry = provision.list[i];
		char perm[PERMISSION_SIZE];

		if (!entry)
			continue;
		permission_format(&entry->permission, perm, sizeof(perm));
		text_format(text + length, sizeof(text) - length, "%s(%s)=%s;",
			    setting_name((enum setting_id)i), perm,
			    entry->value);
		length = strlen(text);
	}
	provision_clear(&provision);
	return text;
}

struct shape {
	const char *name;
	const char *data;
	const char *says;
};

static void check(const struct shape *shapes, size_t count)
{
	for (; count; count--, shapes++) {
		const char *text = said(shapes->data);

		if (strcmp(text, shapes->says))
			fail_msg("%s: %s", shapes->name, text);
	}
}

#define UXM(perm, url)	"firmware_uxm(" perm ")=" url ";"

static void test_shapes(void **state)
{
	static const struct shape shapes[] = {
		{ "firmware-settings as the root",
		  "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		  "<firmware-settings>\n"
		  "  <firmware_uxm perm=\"R\">" URL "</firmware_uxm>\n"
		  "</firmware-settings>\n", UXM("R", URL) },
		{ "firmware-settings inside settings",
		  "<settings>\n<firmware-settings e=\"2\">\n"
		  "<firmware_uxm>" URL "</firmware_uxm>\n"
		  "</firmware-settings>\n</settings>\n", UXM("", URL) },
		{ "directly among phone-settings",
		  IN("<phone-settings e=2>\n<language perm=\"\">English</language>\n"
		     "<firmware_uxm perm=\"R\">" URL "</firmware_uxm>\n"
		     "<update_policy perm=\"!\">settings_only</update_policy>\n"
		     "</phone-settings>"),
		  UXM("R", URL) "update_policy(!)=settings_only;" },
		{ "directly in settings",
		  IN("<firmware_uxm>" URL "</firmware_uxm>"),
		  UXM("", URL) },
		{ "phone-settings as the root",
		  "<phone-settings><firmware_uxm>" URL
		  "</firmware_uxm></phone-settings>", UXM("", URL) },
		{ "empty", IN("<firmware_uxm perm=\"\"></firmware_uxm>"),
		  "" },
		{ "blank", IN("<firmware_uxm perm=\"R\">\t\n\t</firmware_uxm>"),
		  "" },
		{ "closed at once", IN("<firmware_uxm perm=\"R\"/>"), "" },
		{ "no settings at all", "<settings/>", "" },
		{ "firmware beside it",
		  "<firmware-settings>\n"
		  "<firmware>http://h/snomD785-10.1.64.14-SIP-r.bin</firmware>\n"
		  "<firmware_uxm>" URL "</firmware_uxm>\n"
		  "</firmware-settings>", UXM("", URL) },
		{ "firmware alone",
		  "<firmware-settings><firmware>http://h/snomD785-10.1.64.14-SIP-r.bin</firmware></firmware-settings>",
		  "" },
		{ "one of ours in firmware",
		  IN("<firmware><firmware_uxm>http://x/y</firmware_uxm></firmware>"),
		  "" },
		{ "a query, and a bare &",
		  IN("<firmware_uxm>" URL "?mac={mac}&v=1&copy=2;&amp;z</firmware_uxm>"),
		  UXM("", URL "?mac={mac}&v=1&copy=2;&z") },
		{ "all of them",
		  IN("<firmware_uxm>a</firmware_uxm>\n"
		     "<firmware_status perm='V'>http://h/s.xml</firmware_status>\n"
		     "<firmware_interval perm='&'>007</firmware_interval>\n"
		     "<update_policy perm='!V'>never_update_boot</update_policy>\n"
		     "<setting_server perm=' '>http://h/{mac}.xml</setting_server>\n"
		     "<settings_refresh_timer perm='RW'>86400</settings_refresh_timer>"),
		  UXM("", "a")
		  "firmware_status(V)=http://h/s.xml;"
		  "firmware_interval(R)=7;update_policy(V!)=settings_only;"
		  "setting_server(R)=http://h/{mac}.xml;"
		  "settings_refresh_timer()=86400;" },
	};

	(void)state;
	check(shapes, ARRAY_SIZE(shapes));
}

static void test_values(void **state)
{
	static const struct shape shapes[] = {
		{ "blanks around it",
		  IN("<firmware_uxm>\r\n\t " URL "\n </firmware_uxm>"),
		  UXM("", URL) },
		{ "CDATA",
		  IN("<firmware_uxm> <![CDATA[ " URL "?a&amp;<b> ]]> </firmware_uxm>"),
		  UXM("", URL "?a&amp;<b>") },
		{ "comments",
		  "<!-- a --><settings><!-- <firmware_uxm>x</firmware_uxm> & -->\n"
		  "<firmware_uxm>http://h/<!-- & <b> -->x</firmware_uxm></settings>",
		  UXM("", "http://h/x") },
		{ "the last one wins",
		  "<settings><firmware_uxm perm=R>http://h/1</firmware_uxm>\n"
		  "<firmware-settings><firmware_uxm perm=!>http://h/2</firmware_uxm></firmware-settings>\n"
		  "<firmware_uxm perm=V></firmware_uxm></settings>",
		  UXM("!", "http://h/2") },
		{ "references",
		  IN("<firmware_uxm>&#104;&lt;&#x3e;&quot;&apos;&amp;amp;</firmware_uxm>"),
		  UXM("", "h<>\"'&amp;") },
		{ "any quoting",
		  IN("<firmware_uxm idx='1' perm = R>x</firmware_uxm>\n"
		     "<firmware_interval perm='R'e=2>1</firmware_interval>\n"
		     "<update_policy perm=>auto_update</update_policy>\n"
		     "<settings_refresh_timer hidden perm=R>1</settings_refresh_timer>"),
		  UXM("R", "x") "firmware_interval(R)=1;"
		  "update_policy()=auto_update;settings_refresh_timer(R)=1;" },
		{ "prefixes",
		  "<s:settings xmlns:t=\"u\"><t:firmware_uxm s:perm=R>x</t:firmware_uxm></s:settings>",
		  UXM("R", "x") },
		{ "unknown tags",
		  IN("<functionKeys e=\"2\"><fkey idx=\"0\" perm=\"\"><settings>\n"
		     "<firmware_uxm>no</firmware_uxm></settings></fkey></functionKeys>\n"
		     "<Firmware_Uxm>no</Firmware_Uxm><firmware_uxm2>no</firmware_uxm2>"),
		  "" },
	};

	(void)state;
	check(shapes, ARRAY_SIZE(shapes));
}

static void test_encodings(void **state)
{
	static const struct shape shapes[] = {
		{ "a mark", "\xef\xbb\xbf<?xml version=\"1.0\"?>"
		  IN("<firmware_uxm>x</firmware_uxm>"),
		  UXM("", "x") },
		{ "UTF-8", IN("<firmware_uxm>\xc3\xa4</firmware_uxm>"),
		  UXM("", "\xc3\xa4") },
		{ "ISO-8859-1",
		  "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n"
		  IN("<name>M\xfcller</name><firmware_uxm>\xe4</firmware_uxm>"),
		  UXM("", "\xc3\xa4") },
		{ "windows-1252",
		  "<?xml version=\"1.0\" encoding=\"windows-1252\"?>\n"
		  IN("<name>\x84M\xfcller\x93</name><firmware_uxm>x</firmware_uxm>"),
		  UXM("", "x") },
		{ "not declared",
		  IN("<name>M\xfcller</name><firmware_uxm>x</firmware_uxm>"),
		  UXM("", "x") },
		{ "declared as something else",
		  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		  IN("<name>M\xfcller</name><firmware_uxm>x</firmware_uxm>"),
		  UXM("", "x") },
		{ "declared as nonsense",
		  "\n <?xml version=1.0 encoding=klingon?>\n"
		  IN("<firmware_uxm>x</firmware_uxm>"), UXM("", "x") },
	};

	(void)state;
	check(shapes, ARRAY_SIZE(shapes));
}

static void test_utf16(void **state)
{
	static const char text[] = IN("<firmware_uxm perm=R>a&b</firmware_uxm>");
	char data[2 * sizeof(text)] = "\xff\xfe";
	struct provision provision = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < strlen(text); i++) {
		data[2 * i + 2] = text[i];
		data[2 * i + 3] = '\0';
	}
	assert_int_equal(parse(data, sizeof(data), &provision), 0);
	assert_string_equal(provision.list[SETTING_FIRMWARE_UXM]->value, "a&b");
	assert_int_equal(parse(data + 2, sizeof(data) - 2, &provision),
			 -EINVAL);
	assert_string_equal(error,
			    "f.xml: line 1: a NUL character: not a settings file");
}

static void test_nul(void **state)
{
	static const char text[] = "<settings>\n</settings>\n";
	struct provision provision = { 0 };

	(void)state;
	assert_int_equal(parse(text, sizeof(text) - 1, &provision), 0);
	assert_int_equal(parse(text, sizeof(text), &provision), -EINVAL);
	assert_string_equal(error,
			    "f.xml: line 3: a NUL character: not a settings file");
}

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
		{ "a tag in a value",
		  "<settings>\n<firmware_uxm>\nx<b>y</b></firmware_uxm></settings>",
		  "line 2: firmware_uxm: there is a tag in its value" },
		{ "another end tag",
		  "<settings>\n<firmware_uxm>x\n</firmware></settings>",
		  "line 3: Opening and ending tag mismatch: firmware_uxm line 2 and firmware" },
		{ "the container's end",
		  "<settings>\n<a></b></a>\n<firmware_uxm>x</firmware_uxm></settings>",
		  "line 2: Opening and ending tag mismatch: settings line 1 and a" },
		{ "an end tag that is missing",
		  "<settings>\n<a>\n<firmware_uxm>x</firmware_uxm>\n</settings>\n",
		  "line 4: Opening and ending tag mismatch: a line 2 and settings" },
		{ "a character that is none",
		  "<settings>\n<firmware_uxm>x&#0;y</firmware_uxm></settings>",
		  "line 2: " },
		{ "one at the end",
		  "<settings>\n<firmware_uxm>x\x01</firmware_uxm></settings>",
		  "line 2: " },
		{ "perm twice",
		  "<settings>\n<firmware_uxm perm='R' perm='!'>x</firmware_uxm></settings>",
		  "line 2: " },
		{ "its end tag",
		  "<settings>\n<firmware_uxm>x</firmware_uxm y></settings>",
		  "line 2: " },
		{ "perm",
		  "<settings>\n<firmware_uxm perm=\"X\">x</firmware_uxm></settings>",
		  "line 2: firmware_uxm: there is no such permission (perm)" },
		{ "a long perm",
		  "<settings>\n<firmware_uxm perm=\"RRRRRRRRRRRRRRRRRR\">x</firmware_uxm></settings>",
		  "line 2: firmware_uxm: there is no such permission (perm)" },
		{ "a number",
		  "<settings>\n\n<firmware_interval>\n2d\n</firmware_interval></settings>",
		  "line 3: firmware_interval: a number of minutes, 0 to 525600" },
		{ "a number out of range",
		  "<settings>\n<settings_refresh_timer>31536001</settings_refresh_timer></settings>",
		  "line 2: settings_refresh_timer: a number of seconds" },
		{ "a policy, if another follows",
		  IN("<update_policy>x</update_policy><update_policy>auto_update</update_policy>"),
		  "line 1: update_policy: auto_update, ask_for" },
		{ "a URL", IN("<firmware_status>ftp://h/x</firmware_status>"),
		  "line 1: firmware_status: a complete http" },
		{ "a line's end in the URL",
		  IN("<firmware_uxm>http://h/a\nb</firmware_uxm>"),
		  "line 1: firmware_uxm: a complete http" },
		{ "entities",
		  "<!DOCTYPE settings [\n<!ENTITY a \"b\">\n]>"
		  IN("<firmware_uxm>&a;</firmware_uxm>"),
		  "line 1: declarations in the DOCTYPE, such as of entities, are not allowed" },
	};
	const struct provision_entry like = { .line = 1 };
	struct provision provision = { 0 }, untouched;
	char says[256];
	size_t i;

	(void)state;
	assert_int_equal(provision_set(&provision, SETTING_FIRMWARE_UXM, &like,
				       URL), 0);
	untouched = provision;
	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		text_format(says, sizeof(says), "f.xml: %s", shapes[i].says);
		if (parse(shapes[i].data, strlen(shapes[i].data),
			  &provision) != -EINVAL ||
		    strncmp(error, says, strlen(says)))
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

static void test_length(void **state)
{
	char text[3 * URL_MAX];
	struct provision provision = { 0 };
	int length, blanks;

	(void)state;
	for (length = URL_MAX; length <= URL_MAX + 1; length++) {
		for (blanks = 0; blanks <= URL_MAX; blanks += URL_MAX / 2) {
			text_format(text, sizeof(text),
				    IN("<firmware_uxm>%0*d%*s</firmware_uxm>"),
				    length, 1, blanks, "");
			assert_int_equal(parse(text, strlen(text), &provision),
					 length > URL_MAX ? -EINVAL : 0);
		}
	}
	assert_string_equal(error,
			    "f.xml: line 1: firmware_uxm: it is longer than 2048 bytes");
}

static void test_depth(void **state)
{
	static const char in_it[] = "<firmware_uxm/>";
	char text[1024] = "";
	struct provision provision = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 32; i++)
		strcat(text, "<settings>");
	strcat(text, in_it);
	for (i = 0; i < 32; i++)
		strcat(text, "</settings>");
	assert_int_equal(parse(text, strlen(text), &provision), -EINVAL);
	assert_string_equal(error,
			    "f.xml: line 1: tags within tags, more than 32 deep");
	memset(strstr(text, in_it), ' ', strlen(in_it));
	assert_int_equal(parse(text, strlen(text), &provision), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_utf16),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_mistakes_elsewhere),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_depth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
