// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "provision_parse.h"
#include "text.h"
#include "unit.h"

#define URL	"http://h/snomD7C-1.6.1-r.bin"
#define IN(text)	"<settings>" text "</settings>"

static char error[256];
static bool listed;	/* the file is named by another one */

static int parse(const char *data, size_t size, struct provision *provision)
{
	strcpy(error, "");
	return provision_parse(data, size, listed, provision, error,
			       sizeof(error));
}

/* Adds to a text, of @size bytes in all. */
static void add(char *text, size_t size, const char *format, ...)
{
	size_t length = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + length, size - length, format, args);
	va_end(args);
}

static void add_entries(char *text, size_t size,
			const struct provision *provision)
{
	size_t i;

	for (i = 0; i < SETTINGS_COUNT; i++) {
		const struct provision_entry *entry = provision->list[i];
		char perm[PERMISSION_SIZE];

		if (!entry)
			continue;
		permission_format(&entry->permission, perm, sizeof(perm));
		add(text, size, "%s(%s)=%s%s%s", setting_name((enum setting_id)i),
		    perm, entry->value, *entry->sha256 ? " " : "", entry->sha256);
		if (entry->rollout.limited)
			add(text, size, " %u%%", entry->rollout.percent);
		add(text, size, ";");
	}
}

/* "firmware_uxm(R)=URL SHA256 10%;file=URL;line 2: SENTENCE;" and so on, all that it says. */
static const char *said(const char *data)
{
	static char text[8192];
	struct provision provision = { 0 };
	const struct provision_line *line;

	if (parse(data, strlen(data), &provision))
		return error;
	text[0] = '\0';
	add_entries(text, sizeof(text), &provision);
	for (line = provision.files; line; line = line->next)
		add(text, sizeof(text), "file=%s;", line->text);
	for (line = provision.dropped; line; line = line->next)
		add(text, sizeof(text), "line %d: %s;", line->line, line->text);
	if (provision.spoiled)
		add(text, sizeof(text), "spoiled");
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

#define SHA256	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define UPPER	"BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"
#define OTHER	"0000000000000000000000000000000000000000000000000000000000000000"

static void test_pins(void **state)
{
	static const struct shape shapes[] = {
		{ "a pin", IN("<firmware_uxm sha256=\"" SHA256 "\">x</firmware_uxm>"),
		  UXM("", "x " SHA256) },
		{ "capitals, not quoted, after perm",
		  IN("<firmware_uxm perm=R sha256=" UPPER " >x</firmware_uxm>"),
		  UXM("R", "x " SHA256) },
		{ "the last one's",
		  IN("<firmware_uxm sha256='" SHA256 "'>x</firmware_uxm>\n"
		     "<firmware_uxm sha256='" OTHER "'>y</firmware_uxm>"),
		  UXM("", "y " OTHER) },
		{ "the last one has none",
		  IN("<firmware_uxm sha256='" SHA256 "'>x</firmware_uxm>\n"
		     "<firmware_uxm>x</firmware_uxm>"),
		  UXM("", "x") },
		{ "of nothing", IN("<firmware_uxm sha256='1'></firmware_uxm>"), "" },
		{ "of other settings",
		  IN("<firmware_status sha256='1'>http://h/</firmware_status>"),
		  "firmware_status()=http://h/;" },
		{ "a rollout", IN("<firmware_uxm rollout=\"10\">x</firmware_uxm>"),
		  UXM("", "x 10%") },
		{ "for nobody, with a pin",
		  IN("<firmware_uxm rollout=0 sha256='" SHA256 "'>x</firmware_uxm>"),
		  UXM("", "x " SHA256 " 0%") },
		{ "for all", IN("<firmware_uxm perm='R' rollout='100'>x</firmware_uxm>"),
		  UXM("R", "x 100%") },
		{ "the last one has no rollout",
		  IN("<firmware_uxm rollout='1'>x</firmware_uxm>\n"
		     "<firmware_uxm>x</firmware_uxm>"),
		  UXM("", "x") },
		{ "a rollout of other settings",
		  IN("<firmware_status rollout='x'>http://h/</firmware_status>"),
		  "firmware_status()=http://h/;" },
		{ "another attribute",
		  IN("<firmware_uxm sha='1' md5='2'>x</firmware_uxm>"), UXM("", "x") },
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
			    "line 1: a NUL character: not a settings file");
}

static void test_nul(void **state)
{
	static const char text[] = "<settings>\n</settings>\n";
	struct provision provision = { 0 };

	(void)state;
	assert_int_equal(parse(text, sizeof(text) - 1, &provision), 0);
	assert_int_equal(parse(text, sizeof(text), &provision), -EINVAL);
	assert_string_equal(error,
			    "line 3: a NUL character: not a settings file");
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

static void test_length(void **state)
{
	static const char too_long[] =
		"line 1: firmware_uxm: it is longer than 2048 bytes;spoiled";
	char text[3 * URL_MAX];
	int length, blanks;

	(void)state;
	for (length = URL_MAX; length <= URL_MAX + 1; length++) {
		for (blanks = 0; blanks <= URL_MAX; blanks += URL_MAX / 2) {
			text_format(text, sizeof(text),
				    IN("<firmware_uxm>%0*d%*s</firmware_uxm>"),
				    length, 1, blanks, "");
			assert_true(!strcmp(said(text), too_long) ==
				    (length > URL_MAX));
		}
	}
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

#define FILES(text)	"<setting-files>" text "</setting-files>"

static void test_files(void **state)
{
	static const struct shape shapes[] = {
		{ "as the root",
		  "<?xml version='1.0'?>\n" FILES("\n  <file url=\"http://h/a.xml\"/>\n"
						 "<file url='b.xml' />\n"),
		  "file=http://h/a.xml;file=b.xml;" },
		{ "in settings", IN(FILES("<file url='a'/>") "\n"
				    "<firmware_uxm>x</firmware_uxm>"),
		  UXM("", "x") "file=a;" },
		{ "twice", IN(FILES("<file url='a'/>") FILES("<file url='b'/>")),
		  "file=a;file=b;" },
		{ "none", FILES(""), "" },
		{ "bare ampersands and references",
		  FILES("<file url='a?b&c&amp;d&#38;amp;&lt;&#38;#38;'/>"),
		  "file=a?b&c&d&amp;<&#38;;" },
		{ "without quotes", FILES("<file idx=1 url=a/b.xml action='x'/>"),
		  "file=a/b.xml;" },
		{ "with an end tag, and text", FILES("<file url='a'>b</file>"),
		  "file=a;" },
		{ "without a URL",
		  "<setting-files>\n<file/>\n<file url=''/>\n<file url='a'/></setting-files>",
		  "file=a;line 2: file: it has no url;line 3: file: it has no url;" },
		{ "elsewhere",
		  IN("<file url='a'/><a>" FILES("<file url='a'/>") "</a>"
		     FILES("<a><file url='a'/></a><firmware_uxm>x</firmware_uxm>")
		     "<firmware_uxm>y</firmware_uxm>"),
		  UXM("", "y") },
		{ "in one another", FILES(FILES("<file url='a'/>")), "" },
	};

	(void)state;
	check(shapes, ARRAY_SIZE(shapes));
}

static void test_files_bounds(void **state)
{
	char text[2 * URL_MAX] = "<setting-files>";
	struct provision provision = { 0 };
	int i;

	(void)state;
	for (i = 0; i < PROVISION_FILES_MAX; i++)
		add(text, sizeof(text), "\n<file url='%d'/>", i);
	add(text, sizeof(text), "</setting-files>");
	assert_int_equal(parse(text, strlen(text), &provision), 0);
	assert_int_equal(provision_count(provision.files), PROVISION_FILES_MAX);
	provision_clear(&provision);
	strcpy(strstr(text, "</"), "\n<file url='x'/></setting-files>");
	assert_string_equal(said(text), "line 26: it names more than 24 files");

	text_format(text, sizeof(text), FILES("<file url='%0*d'/>"), URL_MAX + 1, 1);
	assert_string_equal(said(text), "line 1: file: its url is longer than 2048 bytes;");
}

/* Files for phones in which nothing of interest can be; and such as nobody meant. */
static void test_roots(void **state)
{
	static const struct {
		const char *data;
		const char *says;
		const char *says_listed;
	} roots[] = {
		{ "<functionKeys e='2'><firmware_uxm>x</firmware_uxm>", "", "" },
		{ "<tbook><item context='active'>\xc3", "", "" },
		{ "<!-- <settings> --><dialplan/>", "", "" },
		{ "<ReplacementPlan>x", "", "" },
		{ "<certificates>\n<", "", "" },
		{ "<uploads><!--", "line 1: a comment has no end", NULL },
		{ "<uploads", "line 1: a tag has no end", NULL },
		{ "<gui-languages><language url='x'/>", "", "" },
		{ "<web-languages/>", "", "" },
		{ "<language-set>\n<x label=\"a<b\">",
		  "line 1: the root is <language-set>: not a settings file",
		  "" },
		{ "<firmware_uxm>x</firmware_uxm>",
		  "line 1: the root is <firmware_uxm>: not a settings file", NULL },
		{ "<file url='a'/>", "line 1: the root is <file>: not a settings file",
		  "" },
		{ "<HTML><body>", "line 1: the root is <HTML>: not a settings file", NULL },
		{ "<br />\n<b>Fatal error</b>: it broke",
		  "line 1: the root is <br>: not a settings file", NULL },
		{ "<Error><Code>NoSuchKey</Code></Error>",
		  "line 1: the root is <Error>: not a settings file", NULL },
		{ "<settings><functionKeys><fkey/></functionKeys><tbook/></settings>",
		  "", "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(roots); i++) {
		const char *expected = roots[i].says_listed;

		assert_string_equal(said(roots[i].data), roots[i].says);
		listed = true;
		assert_string_equal(said(roots[i].data),
				    expected ? expected : roots[i].says);
		listed = false;
	}
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
			    "line 1: tags within tags, more than 32 deep");
	memset(strstr(text, in_it), ' ', strlen(in_it));
	assert_int_equal(parse(text, strlen(text), &provision), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_values), cmocka_unit_test(test_pins),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_utf16),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_mistakes_elsewhere),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_dropped),
		cmocka_unit_test(test_many_dropped),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_files_bounds),
		cmocka_unit_test(test_roots),
		cmocka_unit_test(test_depth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
