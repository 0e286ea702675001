// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "text.h"
#include "utf8.h"
#include "unit.h"

static void test_conversions(void **state)
{
	static const struct {
		const char *name;
		const char *data;
		size_t size;
		const char *text;
	} cases[] = {
		{ "nothing", "", 0, "" },
		{ "ASCII", "abc", 3, "abc" },
		{ "UTF-8", "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", 10,
		  "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80" },
		{ "the last ones", "\xf4\x8f\xbf\xbf\xed\x9f\xbf", 7,
		  "\xf4\x8f\xbf\xbf\xed\x9f\xbf" },
		{ "a mark", "\xef\xbb\xbfxyz", 6, "xyz" },
		{ "a mark only", "\xef\xbb\xbf", 3, "" },
		{ "ISO-8859-1", "a\xe4z", 3, "a\xc3\xa4z" },
		{ "its ends", "\x80\xff", 2, "\xc2\x80\xc3\xbf" },
		{ "ISO-8859-1 with a mark", "\xef\xbb\xbf\xe4", 4,
		  "\xc3\xa4" },
		{ "cut off", "\xe2\x82", 2, "\xc3\xa2\xc2\x82" },
		{ "too long", "\xc0\xaf", 2, "\xc3\x80\xc2\xaf" },
		{ "too long, three", "\xe0\x9f\xbf", 3,
		  "\xc3\xa0\xc2\x9f\xc2\xbf" },
		{ "too long, four", "\xf0\x8f\xbf\xbf", 4,
		  "\xc3\xb0\xc2\x8f\xc2\xbf\xc2\xbf" },
		{ "a surrogate", "\xed\xa0\x80", 3,
		  "\xc3\xad\xc2\xa0\xc2\x80" },
		{ "past the last", "\xf4\x90\x80\x80", 4,
		  "\xc3\xb4\xc2\x90\xc2\x80\xc2\x80" },
		{ "UTF-16 little", "\xff\xfex\0\xe4\0\xac\x20", 8,
		  "x\xc3\xa4\xe2\x82\xac" },
		{ "UTF-16 big", "\xfe\xff\000a\0\xe4\x20\xac", 8,
		  "a\xc3\xa4\xe2\x82\xac" },
		{ "a pair", "\xfe\xff\xd8\x3d\xde\x00", 6,
		  "\xf0\x9f\x98\x80" },
		{ "halves", "\xfe\xff\xd8\x3d\0x\xde\x00\xd8\x3d", 10,
		  "\xef\xbf\xbdx\xef\xbf\xbd\xef\xbf\xbd" },
		{ "an odd byte", "\xff\xfex\0y", 5, "x\xef\xbf\xbd" },
		{ "a mark of UTF-16 only", "\xff\xfe", 2, "" },
	};
	struct utf8 utf8;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(utf8_from(&utf8, cases[i].data, cases[i].size),
				 0);
		if (utf8.length != strlen(cases[i].text) ||
		    memcmp(utf8.text, cases[i].text, utf8.length))
			fail_msg("%s: %.*s", cases[i].name, (int)utf8.length,
				 utf8.text);
		utf8_free(&utf8);
	}
}

static void test_nothing_is_copied(void **state)
{
	static const char text[] = "na\xc3\xafve";
	struct utf8 utf8;

	(void)state;
	assert_int_equal(utf8_from(&utf8, text, strlen(text)), 0);
	assert_ptr_equal(utf8.text, text);
	assert_null(utf8.own);
	utf8_free(&utf8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conversions),
		cmocka_unit_test(test_nothing_is_copied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
