// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "text.h"
#include "unit_provision.h"

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

#define UPPER	"BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_pins),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_utf16),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
