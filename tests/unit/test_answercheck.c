// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "answercheck.h"
#include "text.h"
#include "unit.h"

#define HTTP_1_0	"HTTP/1.0 200 OK\r\n"
#define OK		"HTTP/1.1 200 OK\r\n"
#define PART		"HTTP/1.1 206 Partial Content\r\n"
#define LENGTH		"Content-Length: 100\r\n"
#define CHUNKED		"Transfer-Encoding: chunked\r\n"

/* As an image; what is said of it, NULL: nothing */
static const struct {
	const char *head;
	const char *says;
} cases[] = {
	{ OK LENGTH, NULL },
	{ OK LENGTH LENGTH, NULL },
	{ OK CHUNKED, NULL },
	/* Whether they agree is seen at the end (RFC 9112, section 6.3). */
	{ OK CHUNKED LENGTH, NULL },
	{ HTTP_1_0 LENGTH, NULL },
	{ OK, "how long" },
	{ HTTP_1_0, "how long" },
	{ HTTP_1_0 CHUNKED, "how long" },
	{ OK "Transfer-Encoding: identity\r\n", "how long" },
	{ OK LENGTH "Content-Length: 101\r\n", "about its length" },
	{ OK "Content-Length: x\r\n", "about its length" },
	{ OK LENGTH "Content-Encoding: gzip\r\n", "image encoded (gzip)" },
	{ OK "Transfer-Encoding: gzip, chunked\r\n", "image encoded (gzip)" },
	{ OK "Transfer-Encoding: chunked, gzip\r\n", "image encoded (gzip)" },
	{ OK LENGTH "Content-Range: bytes 0-99/100\r\n", NULL },
	{ OK LENGTH "Content-Range: bytes 0-99/*\r\n", "a part of it" },
	{ OK LENGTH "Content-Range: bytes 100-199/200\r\n", "a part of it" },
	{ OK LENGTH "Content-Range: bytes 0-199/200\r\n", "a part of it" },
	{ OK CHUNKED "Content-Range: bytes 0-99/100\r\n", "a part of it" },
	{ OK LENGTH "Content-Range: rubbish\r\n", "a part of it" },
	/* Which part that is uxmcd judges. */
	{ PART LENGTH "Content-Range: bytes 100-199/200\r\n", NULL },
	{ PART CHUNKED, NULL },
	{ PART, "how long" },
};

static void take(struct answer *answer, const char *head)
{
	const char *end;

	memset(answer, 0, sizeof(*answer));
	for (; *head; head = end) {
		end = strchr(head, '\n') + 1;
		answer_take(answer, head, (size_t)(end - head));
	}
}

static void test_images(void **state)
{
	struct verdict verdict;
	struct answer answer;
	size_t i;
	bool good;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		verdict_open(&verdict, "http://pbx/");
		take(&answer, cases[i].head);
		good = answercheck_image(&answer, &verdict);
		if (good != !cases[i].says ||
		    (!good && (!strstr(verdict.sentence, cases[i].says) ||
			       verdict.result != VERDICT_FAILED)))
			fail_msg("%s: %s", cases[i].head, verdict.sentence);
	}
}

/* A settings file that is cut off is not understood: it needs no length. */
static void test_settings(void **state)
{
	struct verdict verdict;
	struct answer answer;

	(void)state;
	verdict_open(&verdict, "http://pbx/");
	take(&answer, HTTP_1_0);
	assert_true(answercheck(&answer, "settings file", &verdict));
	take(&answer, OK LENGTH "Content-Encoding: br\r\n");
	assert_false(answercheck(&answer, "settings file", &verdict));
	assert_string_equal(verdict.sentence,
			    "pbx sends the settings file encoded (br), which nobody asked for: have the server leave that");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_images),
		cmocka_unit_test(test_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
