// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "form.h"
#include "markup.h"
#include "text.h"
#include "unit.h"
#include "words.h"

/* Text that grows */

#define ESCAPED \
	"<a href=\"&quot;&gt;&lt;x y=&#39;&amp;&#39;&gt;\">a&lt;b&gt;&amp;c</a> 1 -2 4 5 %"

static void test_markup(void **state)
{
	struct markup text = { 0 };

	(void)state;
	markup(&text, "<a href=\"%s\">%s</a> %u %d %lu %llu %%", "\"><x y='&'>",
	       "a<b>&c", 1U, -2, 4UL, 5ULL);
	assert_string_equal(text.text, ESCAPED);
	assert_int_equal(text.length, strlen(text.text));
	assert_false(text.failed);
	markup_raw(&text, "<b>");
	assert_string_equal(text.text + text.length - 3, "<b>");
	markup_clear(&text);
	assert_null(text.text);
}

static void test_long_markup(void **state)
{
	struct markup text = { 0 };
	unsigned int i;

	(void)state;
	for (i = 0; i < 10000; i++)
		markup(&text, "%u<%s>", i, "&");
	assert_false(text.failed);
	assert_int_equal(text.length, strlen(text.text));
	assert_int_equal(text.length, 38890 + 10000 * 7);
	markup_clear(&text);
}

static void test_unknown_conversion(void **state)
{
	const char *format = "a %x b";
	struct markup text = { 0 };

	(void)state;
	markup(&text, format, 1U);
	assert_true(text.failed);
	markup_raw(&text, "more");
	assert_true(text.failed);
	markup_clear(&text);
}

/* Forms */

static int parse(struct form *form, const char *text)
{
	memset(form, 0, sizeof(*form));
	assert_int_equal(form_take(form, text, strlen(text)), 0);
	return form_parse(form);
}

static void test_form(void **state)
{
	struct form form;

	(void)state;
	assert_int_equal(parse(&form, "settings=save&firmware_uxm=&a%3D+b=%c3%A4%26x=y&z&&a=2"), 0);
	assert_int_equal(form.count, 5);
	assert_string_equal(form_value(&form, "settings"), "save");
	assert_string_equal(form_value(&form, "firmware_uxm"), "");
	assert_string_equal(form_value(&form, "a= b"), "\xc3\xa4&x=y");
	assert_string_equal(form_value(&form, "z"), "");
	assert_null(form_value(&form, "y"));
	assert_string_equal(form_text(&form, "y"), "");
	form_clear(&form);
	assert_int_equal(parse(&form, ""), 0);
	assert_int_equal(form.count, 0);
	form_clear(&form);
}

/* Cut anywhere, it is the same. */
static void test_pieces(void **state)
{
	static const char text[] = "firmware=http%3A%2F%2Fx%2Fy&b=1";
	struct form form;
	size_t i;

	(void)state;
	for (i = 0; i <= strlen(text); i++) {
		memset(&form, 0, sizeof(form));
		assert_int_equal(form_take(&form, text, i), 0);
		assert_int_equal(form_take(&form, text + i, strlen(text) - i), 0);
		assert_int_equal(form_parse(&form), 0);
		assert_string_equal(form_value(&form, "firmware"), "http://x/y");
		assert_string_equal(form_value(&form, "b"), "1");
		form_clear(&form);
	}
}

static void test_bad_forms(void **state)
{
	static const char * const bad[] = {
		"a=%", "a=%4", "a=%4g", "a=%g4", "%00=1", "a=%00", "a=%ff", "a=%c3",
		"a=\xff", "a=%01", "a=%7f", "a=%ed%a0%80", "a=1&b=%00&c=3",
	};
	struct form form;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(parse(&form, bad[i]), -EINVAL);
		form_clear(&form);
	}
	memset(&form, 0, sizeof(form));
	assert_int_equal(form_take(&form, "a=1\0b", 5), 0);
	assert_int_equal(form_parse(&form), -EINVAL);
	form_clear(&form);
}

static void test_large_forms(void **state)
{
	char *text = malloc(FORM_SIZE_MAX + 1);
	struct form form = { 0 };
	size_t i;

	(void)state;
	memset(text, 'x', FORM_SIZE_MAX + 1);
	assert_int_equal(form_take(&form, text, FORM_SIZE_MAX + 1), -E2BIG);
	assert_int_equal(form_take(&form, text, FORM_SIZE_MAX), 0);
	assert_int_equal(form_take(&form, text, 1), -E2BIG);
	form_clear(&form);
	for (i = 0; i <= FORM_FIELDS_MAX; i++)
		assert_int_equal(form_take(&form, "a=1&", 4), 0);
	assert_int_equal(form_parse(&form), -E2BIG);
	form_clear(&form);
	free(text);
}

/* Words */

static void test_languages(void **state)
{
	static const struct {
		const char *accepted;
		enum language language;
	} cases[] = {
		{ NULL, LANGUAGE_EN },
		{ "", LANGUAGE_EN },
		{ "*", LANGUAGE_EN },
		{ "fr", LANGUAGE_EN },
		{ "de", LANGUAGE_DE },
		{ "DE-at", LANGUAGE_DE },
		{ "den", LANGUAGE_EN },
		{ "en-GB,en;q=0.9,de;q=0.8", LANGUAGE_EN },
		{ "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7", LANGUAGE_DE },
		{ "en;q=0.5, de;q=0.6", LANGUAGE_DE },
		{ "de;q=0.5, en;q=0.55", LANGUAGE_EN },
		{ "de;q=0, en;q=0.001", LANGUAGE_EN },
		{ "de;q=0", LANGUAGE_EN },
		{ "fr, de;q=0.1", LANGUAGE_DE },
		{ ", ,de", LANGUAGE_DE },
		{ "de;q=", LANGUAGE_DE },
		{ ";q=1", LANGUAGE_EN },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(language_choose(cases[i].accepted),
				 cases[i].language);
}

/* The conversions in it, in their order; 0: there is one too many */
static size_t conversions(const char *text, char *found, size_t size)
{
	size_t count = 0;

	while ((text = strchr(text, '%'))) {
		text++;
		if (count + 1 == size)
			return 0;
		found[count++] = *text;
	}
	found[count] = '\0';
	return count + 1;
}

/* What goes into one goes into the other, and no text has markup but where it is said. */
static void test_words(void **state)
{
	char first[8], other[8];
	enum language language;
	size_t i;

	(void)state;
	for (i = 0; i < WORDS; i++) {
		assert_true(conversions(word(LANGUAGE_EN, (enum word)i), first,
					sizeof(first)));
		for (language = 0; language < LANGUAGES; language++) {
			const char *text = word(language, (enum word)i);

			assert_true(*text);
			assert_true(conversions(text, other, sizeof(other)));
			assert_string_equal(first, other);
			assert_int_equal(strspn(other, "us"), strlen(other));
			if (!*other && strpbrk(text, "<>&"))
				fail_msg("%s", text);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_markup),
		cmocka_unit_test(test_long_markup),
		cmocka_unit_test(test_unknown_conversion),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_bad_forms),
		cmocka_unit_test(test_large_forms),
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
