// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "hop.h"
#include "text.h"
#include "unit.h"

#define BASE	"http://pbx/a/b.bin?c"

static const struct {
	const char *from;
	const char *location;
	const char *to;		/* NULL: it is not followed */
	int error;
} cases[] = {
	/* RFC 3986, section 5.4 */
	{ BASE, "d.bin", "http://pbx/a/d.bin", 0 },
	{ BASE, "../d.bin", "http://pbx/d.bin", 0 },
	{ BASE, "/d.bin", "http://pbx/d.bin", 0 },
	{ BASE, "?d", "http://pbx/a/b.bin?d", 0 },
	{ BASE, "//other/d.bin", "http://other/d.bin", 0 },
	{ BASE, "http://other:81/", "http://other:81/", 0 },
	{ BASE, "https://pbx/a", "https://pbx/a", 0 },
	{ BASE, "/with blanks", "http://pbx/with%20blanks", 0 },
	/* What was kept from those on the way stays so. */
	{ "https://pbx/a", "/b", "https://pbx/b", 0 },
	{ "https://pbx/a", "//other/b", "https://other/b", 0 },
	{ "https://pbx/a", "http://pbx/b", NULL, EPERM },
	{ "https://pbx/a", "HTTP://pbx/b", NULL, EPERM },
	/* Other schemes */
	{ BASE, "ftp://pbx/", NULL, EPROTONOSUPPORT },
	{ BASE, "file:///etc/passwd", NULL, EPROTONOSUPPORT },
	{ BASE, "javascript:alert(1)", NULL, EPROTO },
	{ "https://pbx/a", "gopher://pbx/", NULL, EPROTONOSUPPORT },
	{ BASE, "http:///", NULL, EPROTO },
};

static void test_cases(void **state)
{
	struct verdict verdict;
	struct hop hop;
	size_t i;
	bool goes;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		verdict_open(&verdict, cases[i].from);
		hop_begin(&hop, cases[i].from);
		goes = hop_follow(&hop, cases[i].location, &verdict);
		if (goes != !!cases[i].to || verdict.error != cases[i].error)
			fail_msg("case %zu, %s: %s, %s", i, cases[i].location,
				 hop.url, verdict.sentence);
		assert_string_equal(hop.url, cases[i].to ?: cases[i].from);
		assert_int_equal(verdict.result, goes ? VERDICT_RUNNING :
							VERDICT_FAILED);
	}
}

static void test_how_many(void **state)
{
	struct verdict verdict;
	struct hop hop;
	int i;

	(void)state;
	verdict_open(&verdict, BASE);
	hop_begin(&hop, BASE);
	for (i = 0; i < HOP_MAX; i++)
		assert_true(hop_follow(&hop, "b.bin", &verdict));
	assert_false(hop_follow(&hop, "b.bin", &verdict));
	assert_int_equal(verdict.error, ELOOP);
}

/* None is cut off. */
static void test_too_long(void **state)
{
	char location[URL_MAX + 1];
	struct verdict verdict;
	struct hop hop;

	(void)state;
	verdict_open(&verdict, BASE);
	hop_begin(&hop, BASE);
	memset(location, 'a', sizeof(location) - 1);
	location[sizeof(location) - 1] = '\0';
	assert_false(hop_follow(&hop, location, &verdict));
	assert_int_equal(verdict.error, EPROTO);
	assert_string_equal(hop.url, BASE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_how_many),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
