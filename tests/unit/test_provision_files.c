// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "text.h"
#include "unit_provision.h"

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
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_files_bounds),
		cmocka_unit_test(test_roots),
		cmocka_unit_test(test_depth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
