// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "answer.h"
#include "text.h"
#include "unit.h"

static void test_ranges(void **state)
{
	struct range range;

	(void)state;
	assert_int_equal(range_parse("bytes 100-199/200", &range), 0);
	assert_int_equal(range.first, 100);
	assert_int_equal(range.last, 199);
	assert_int_equal(range.total, 200);
	assert_int_equal(range_parse("Bytes 0-0/1", &range), 0);
	assert_int_equal(range.last, 0);
	assert_int_equal(range_parse("bytes 5-9/*", &range), 0);
	assert_int_equal(range.total, 0);
	assert_int_equal(range_parse("bytes 35708674-35708674/35708675",
				     &range), 0);
	assert_int_equal(range.first, 35708674);
}

static void test_bad_ranges(void **state)
{
	static const char * const texts[] = {
		"", "bytes", "bytes ", "bytes */200", "bytes 1-2",
		"bytes 2-1/200", "bytes 1-200/200", "bytes 1-2/0",
		"bytes -2/200", "bytes 1-/200", "bytes 1-2/", "bytes 1-2/2x",
		"bytes 1-2/-", "lines 1-2/200", "bytes=1-2/200",
		"bytes 1-2/99999999999999999999999",
		"bytes  1-2/200", "bytes 0x1-2/200", "1-2/200",
		"bytes 1-2/200, 4-5/200",
	};
	struct range range = { 7, 7, 7 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		if (range_parse(texts[i], &range) != -EINVAL)
			fail_msg("taken: %s", texts[i]);
	assert_int_equal(range.first, 7);
}

/* Takes a head, line by line as libcurl gives it; counts the heads in it. */
static int take(struct answer *answer, const char *head)
{
	int count = 0;

	memset(answer, 0, sizeof(*answer));
	while (*head) {
		const char *end = strchr(head, '\n') + 1;

		count += answer_take(answer, head, (size_t)(end - head));
		head = end;
	}
	return count;
}

static void test_whole(void **state)
{
	struct answer answer;

	(void)state;
	assert_int_equal(take(&answer,
			      "HTTP/1.1 200 OK\r\n"
			      "content-length: 35708675\r\n"
			      "ETag: \"abc\"\r\n"
			      "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
			      "\r\n"), 1);
	assert_int_equal(answer.status, 200);
	assert_true(answer.has_length);
	assert_int_equal(answer.length, 35708675);
	assert_false(answer.has_range);
	assert_string_equal(answer.etag, "\"abc\"");
	assert_string_equal(answer.modified, "Sun, 06 Nov 1994 08:49:37 GMT");
}

static void test_part(void **state)
{
	struct answer answer;

	(void)state;
	take(&answer, "HTTP/1.1 206 Partial Content\r\n"
	     "Content-Range:bytes 100-199/200\r\n\r\n");
	assert_int_equal(answer.status, 206);
	assert_true(answer.has_range);
	assert_int_equal(answer.range.first, 100);
	take(&answer, "HTTP/1.1 206 Partial Content\r\n"
	     "Content-Range: nonsense\r\n\r\n");
	assert_false(answer.has_range);
}

/* Nothing of a redirect's head is left in the next one. */
static void test_redirect(void **state)
{
	struct answer answer;

	(void)state;
	assert_int_equal(take(&answer,
			      "HTTP/1.1 302 Found\r\nETag: \"old\"\r\n"
			      "Content-Length: 5\r\n\r\n"
			      "HTTP/2 200\r\n\r\n"), 2);
	assert_int_equal(answer.status, 200);
	assert_false(answer.has_length);
	assert_string_equal(answer.etag, "");
}

static void test_odd_fields(void **state)
{
	struct answer answer;
	char line[2000];

	(void)state;
	take(&answer, "HTTP/1.1 200 OK\r\nETag: W/\"weak\"\r\n"
	     "Content-Length: 12\r\n\r\n");
	assert_string_equal(answer.etag, "");
	assert_false(answer.contradicts);
	take(&answer, "HTTP/1.1 200 OK\r\n"
	     "Content-Length: 9223372036854775808\r\n\r\n");
	assert_true(answer.has_length);
	assert_int_equal(answer.length, INT64_MAX);
	take(&answer, "HTTP/1.1 200 OK\r\nETag: \"a\001b\"\r\n\r\n");
	assert_string_equal(answer.etag, "");
	take(&answer, "HTTP/1.1\r\n\r\n");
	assert_int_equal(answer.status, 0);

	memset(line, 'x', sizeof(line));
	strcpy(line, "ETag: \"");
	line[strlen(line)] = 'x';
	assert_false(answer_take(&answer, line, sizeof(line)));
	assert_false(answer_take(&answer, line, 300));
	assert_string_equal(answer.etag, "");
	assert_true(answer_take(&answer, "\r\n", 2));
	assert_true(answer_take(&answer, "", 0));
}

/* An answer with a good status and these fields */
static void take_fields(struct answer *answer, const char *fields)
{
	char head[256];

	text_format(head, sizeof(head), "HTTP/1.1 200 OK\r\n%s\r\n", fields);
	take(answer, head);
}

/* RFC 9112, section 6.3: two lengths make an answer that nothing is known of. */
static void test_contradictions(void **state)
{
	static const struct {
		const char *fields;
		bool contradicts;
	} cases[] = {
		{ "Content-Length: 12\r\nContent-Length: 12\r\n", false },
		{ "Content-Length: 12, 12\r\n", false },
		{ "Content-Length: 12\r\nContent-Length: 13\r\n", true },
		{ "Content-Length: 12 , 13\r\n", true },
		{ "Content-Length: -1\r\n", true },
		{ "Content-Length: 1a\r\n", true },
		{ "Content-Length: 12,\r\n", true },
		{ "Content-Length:\r\n", true },
		{ "Content-Range: bytes 0-1/2\r\n"
		  "Content-Range: bytes 0-1/2\r\n", false },
		{ "Content-Range: bytes 0-1/2\r\n"
		  "Content-Range: bytes 0-1/3\r\n", true },
	};
	struct answer answer;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		take_fields(&answer, cases[i].fields);
		if (answer.contradicts != cases[i].contradicts)
			fail_msg("%s", cases[i].fields);
	}
}

static void test_codings(void **state)
{
	static const struct {
		const char *fields;
		bool chunked;
		const char *coding;
	} cases[] = {
		{ "", false, "" },
		{ "Content-Encoding: gzip\r\n", false, "gzip" },
		{ "Content-Encoding: identity\r\n", false, "" },
		{ "Content-Encoding:\r\n", false, "" },
		{ "Content-Encoding: identity, BR\r\n", false, "BR" },
		{ "Transfer-Encoding: chunked\r\n", true, "" },
		{ "Transfer-Encoding: gzip , Chunked\r\n", true, "gzip" },
		{ "Transfer-Encoding: chunked, gzip\r\n", false, "gzip" },
		{ "Transfer-Encoding: identity\r\n", false, "" },
		{ "Content-Encoding: 01234567890123456789012345678901x\r\n", false,
		  "0123456789012345678901234567890" },
	};
	struct answer answer;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		take_fields(&answer, cases[i].fields);
		if (answer.chunked != cases[i].chunked ||
		    strcmp(answer.coding, cases[i].coding))
			fail_msg("%s: %d %s", cases[i].fields, answer.chunked,
				 answer.coding);
	}
}

static void test_versions(void **state)
{
	struct answer answer;

	(void)state;
	take(&answer, "HTTP/1.0 200 OK\r\n\r\n");
	assert_true(answer.old);
	take(&answer, "HTTP/1.1 200 OK\r\n\r\n");
	assert_false(answer.old);
	take(&answer, "HTTP/2 200\r\n\r\n");
	assert_false(answer.old);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_bad_ranges),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_part),
		cmocka_unit_test(test_redirect),
		cmocka_unit_test(test_odd_fields),
		cmocka_unit_test(test_contradictions),
		cmocka_unit_test(test_codings),
		cmocka_unit_test(test_versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
