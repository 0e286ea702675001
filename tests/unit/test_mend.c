// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "mend.h"
#include "text.h"
#include "unit.h"

/* The mended text, read in pieces of that size; what was wrong is in @mend. */
static const char *mended(struct mend *mend, const char *text, size_t piece)
{
	static char to[4096];
	size_t length = 0, count;

	mend_begin(mend, text, strlen(text));
	while ((count = mend_read(mend, to + length, piece))) {
		length += count;
		assert_true(length + piece < sizeof(to));
	}
	to[length] = '\0';
	return to;
}

static void test_mending(void **state)
{
	static const struct {
		const char *text;
		const char *mended;
	} cases[] = {
		{ "", "" },
		{ "<a><b/></a>", "<a><b/></a>" },
		/* ampersands */
		{ "x?a=1&b=2", "x?a=1&amp;b=2" },
		{ "&", "&amp;" },
		{ "&&", "&amp;&amp;" },
		{ "&amp;&lt;&gt;&quot;&apos;", "&amp;&lt;&gt;&quot;&apos;" },
		{ "&amp", "&amp;amp" },
		{ "&ampere;", "&amp;ampere;" },
		{ "&AMP;", "&amp;AMP;" },
		{ "&nbsp;&copy=1", "&amp;nbsp;&amp;copy=1" },
		{ "&#65;&#x41;&#xaF;", "&#65;&#x41;&#xaF;" },
		{ "&#;&#x;&#xg;&#6a;&#65", "&amp;#;&amp;#x;&amp;#xg;&amp;#6a;&amp;#65" },
		{ "&#12345678;&#123456789;", "&#12345678;&amp;#123456789;" },
		{ "<a b=\"c&d\" e='&amp;&'>", "<a b=\"c&amp;d\" e='&amp;&amp;'>" },
		{ "<a perm=\"&\">", "<a perm=\"&amp;\">" },
		/* attributes */
		{ "<s e=2>", "<s e=\"2\">" },
		{ "<s e=2/>", "<s e=\"2\"/>" },
		{ "<s e=2 perm=R >", "<s e=\"2\" perm=\"R\" >" },
		{ "<s perm=&>", "<s perm=\"&amp;\">" },
		{ "<s perm=>", "<s perm=\"\">" },
		{ "<s perm= >", "<s perm= \"\">" },
		{ "<s perm= />", "<s perm= \"\"/>" },
		{ "<s e = 2>", "<s e = \"2\">" },
		{ "<s e\n=\n'2'>", "<s e\n=\n'2'>" },
		{ "<s u=http://h/a/b>", "<s u=\"http://h/a/b\">" },
		{ "<s u=http://h/a//>", "<s u=\"http://h/a/\"/>" },
		{ "<s a=b\"c'd>", "<s a=\"b&quot;c'd\">" },
		{ "<s hidden>", "<s hidden=\"\" >" },
		{ "<s hidden/>", "<s hidden=\"\" />" },
		{ "<s a b=c>", "<s a =\"\" b=\"c\">" },
		{ "<s a=\"1\"b='2'c=3>", "<s a=\"1\" b='2' c=\"3\">" },
		{ "<s a=\"1\"/>", "<s a=\"1\"/>" },
		{ "<s a=\">\">b=c</s>", "<s a=\">\">b=c</s>" },
		{ "<s a='\"' b=\"'\">", "<s a='\"' b=\"'\">" },
		{ "a=b <s>a=b</s>", "a=b <s>a=b</s>" },
		/* what is left out, or becomes text */
		{ "a<!-- & <b c=d> -- -->z", "az" },
		{ "<!--\n\n-->", "\n\n" },
		{ "<?xml version=1.0 encoding=\"x\"?>\n<a>", "\n<a>" },
		{ "<?x > & ' ?>a", "a" },
		{ "<![CDATA[a&b<c>&amp;]]>", "a&amp;b&lt;c&gt;&amp;amp;" },
		{ "<![CDATA[]]]]>", "]]" },
		{ "<![CDATA[<!-- x -->]]>", "&lt;!-- x --&gt;" },
		{ "<!-- <![CDATA[ -->a", "a" },
		{ "<!DOCTYPE html>\n<html>", "\n<html>" },
		{ "<!doctype a PUBLIC \"-//X>\" 'y[>'\n>b", "\nb" },
		/* less than, more than */
		{ "a < b <= c <", "a &lt; b &lt;= c &lt;" },
		{ "<<a>", "&lt;<a>" },
		{ "<>< 3", "&lt;&gt;&lt; 3" },
		{ "a > b ]]>", "a &gt; b ]]&gt;" },
		{ "<!", "&lt;!" },
		{ "<!ELEMENT>", "&lt;!ELEMENT&gt;" },
		{ "<_a><:b><\xc3\xa4>", "<_a><:b><\xc3\xa4>" },
		{ "</>", "</>" },
	};
	struct mend mend;
	size_t i, piece;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		for (piece = 1; piece < 10; piece += 4) {
			const char *text = mended(&mend, cases[i].text, piece);

			if (mend.error || strcmp(text, cases[i].mended))
				fail_msg("%s: %s: %s", cases[i].text, text,
					 mend.error);
		}
	}
}

static void test_refusals(void **state)
{
	static const struct {
		const char *text;
		int line;
		const char *says;
	} cases[] = {
		{ "<a", 1, "a tag has no end" },
		{ "\n<a\n", 2, "a tag has no end" },
		{ "<a b", 1, "a tag" },
		{ "<a b ", 1, "a tag" },
		{ "<a b=", 1, "a tag" },
		{ "<a b=c", 1, "a tag" },
		{ "<a b=\"c\n\">\n<d e='f>\n\n", 3, "a tag" },
		{ "<a b='c'", 1, "a tag" },
		{ "</", 1, "a tag" },
		{ "\n<!-- a\n\n", 2, "a comment" },
		{ "<!-->", 1, "a comment" },
		{ "\n<![CDATA[ a\n]]", 2, "CDATA" },
		{ "<?xml version=\"1.0\">\n<a/>\n", 1, "an instruction" },
		{ "<!DOCTYPE a", 1, "DOCTYPE" },
		{ "<!DOCTYPE a \">", 1, "DOCTYPE" },
		{ "\n<!DOCTYPE a\n [ <!ENTITY b \"c\"> ]>", 3, "declarations" },
		{ "<a>\n<b <c>", 2, "a < in a tag" },
		{ "<a b=\"<\">", 1, "a < in a tag" },
		{ "<a b=c<d>", 1, "a < in a tag" },
	};
	struct mend mend;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		mended(&mend, cases[i].text, 16);
		if (!mend.error || mend.error_line != cases[i].line ||
		    !strstr(mend.error, cases[i].says))
			fail_msg("%s: line %d: %s", cases[i].text,
				 mend.error_line, mend.error);
	}
}

static void test_nul(void **state)
{
	struct mend mend;
	char to[16];

	(void)state;
	mend_begin(&mend, "a\nb\0c", 5);
	assert_int_equal(mend_read(&mend, to, sizeof(to)), 3);
	assert_int_equal(mend_read(&mend, to, sizeof(to)), 0);
	assert_int_equal(mend.error_line, 2);
	assert_non_null(strstr(mend.error, "NUL"));
}

/* What is wrong with this many of those, put one after another. */
static const char *error_of(const char *begin, const char *part, size_t count)
{
	size_t length = strlen(begin), i;
	char *text = malloc(length + count * strlen(part) + 2), to[4096];
	struct mend mend;

	assert_non_null(text);
	strcpy(text, begin);
	for (i = 0; i < count; i++, length += strlen(part))
		strcpy(text + length, part);
	strcpy(text + length, ">");
	mend_begin(&mend, text, length + 1);
	while (mend_read(&mend, to, sizeof(to)))
		;
	free(text);
	return mend.error ? mend.error : "";
}

static void test_bounds(void **state)
{
	(void)state;
	assert_string_equal(error_of("<a", " b", MEND_ATTRIBUTES_MAX), "");
	assert_string_equal(error_of("<a", " b", MEND_ATTRIBUTES_MAX + 1),
			    "a tag has too many attributes");
	assert_string_equal(error_of("<", "a", MEND_TAG_MAX - 1), "");
	assert_string_equal(error_of("<", "a", MEND_TAG_MAX + 1),
			    "a tag is too long");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mending),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
