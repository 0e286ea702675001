// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "multipart.h"
#include "text.h"
#include "unit.h"

#define TYPE	"multipart/form-data; boundary=\"a b\""
#define LINE	"--a b\r\n"
#define LAST	"\r\n--a b--\r\n"
#define FIELD(name)	"Content-Disposition: form-data; name=\"" name "\"\r\n\r\n"
#define FILE_NAMED(name) \
	"content-disposition: form-data; name=\"file\"; filename=\"" name "\"\r\n" \
	"Content-Type: application/octet-stream\r\n\r\n"

#define LONG_NAME "0123456789012345678901234567890123456789012345678901234567890123"

/* What was told, in a line for each part: NAME(FILE)@AT=DATA */
struct told {
	char text[4096];
	int refusal;
};

static int begin(void *context, const struct multipart_part *part)
{
	struct told *told = context;
	size_t length = strlen(told->text);

	snprintf(told->text + length, sizeof(told->text) - length, "%s(%s)@%u=",
		 part->name, part->file, (unsigned int)part->at);
	return told->refusal;
}

static int data(void *context, const char *bytes, size_t count)
{
	struct told *told = context;

	assert_true(count > 0 && count <= MULTIPART_CHUNK);
	strncat(told->text, bytes, count);
	return 0;
}

static int end(void *context)
{
	struct told *told = context;

	strcat(told->text, "\n");
	return 0;
}

static const struct multipart_ops ops = { begin, data, end };

/* In pieces of that size */
static int take(const char *text, size_t piece, struct told *told,
		enum multipart_state *state)
{
	static struct multipart multipart;
	size_t length = strlen(text), part;
	int ret = 0;

	*told->text = '\0';
	assert_int_equal(multipart_open(&multipart, TYPE, &ops, told), 0);
	for (; length && !ret; text += part, length -= part) {
		part = piece < length ? piece : length;
		ret = multipart_take(&multipart, text, part);
	}
	*state = multipart.state;
	return ret;
}

static const struct {
	const char *text;
	const char *told;
} good[] = {
	{ LINE FIELD("a") "1" LAST, "a()@51=1\n" },
	{ LINE FIELD("a") LAST, "a()@51=\n" },
	{ LINE FIELD("token") "x\r\n" LINE FILE_NAMED("s.bin") "\r\n--a\r\n--a c\r\r\n" LAST,
	  "token()@55=x\nfile(s.bin)@170=\r\n--a\r\n--a c\r\r\n\n" },
	{ "what is before it\r\n" LINE FIELD("a") "1" LAST "what is after it",
	  "a()@70=1\n" },
	{ "--a b \t\r\n" FIELD("a") "\r\n\r\n--a" LAST, "a()@53=\r\n\r\n--a\n" },
	{ LINE FILE_NAMED("C:\\dir\\s.bin") "1" LAST, "file(s.bin)@119=1\n" },
	{ LINE FILE_NAMED("../../etc/s.bin") "1" LAST, "file(s.bin)@122=1\n" },
	{ LINE "X: y\r\nContent-Disposition: form-data;name=a; filename=f\r\n\r\n1" LAST,
	  "a(f)@66=1\n" },
	{ "--a b--\r\n", "" },
};

static void test_good(void **state)
{
	enum multipart_state at;
	struct told told = { .refusal = 0 };
	size_t i, piece;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++)
		for (piece = 1; piece <= strlen(good[i].text); piece++) {
			assert_int_equal(take(good[i].text, piece, &told, &at), 0);
			assert_string_equal(told.text, good[i].told);
			assert_int_equal(at, MULTIPART_END);
		}
}

/* Where a part begins, and what comes after it, is how its size is known. */
static void test_tail(void **state)
{
	static struct multipart multipart;
	struct told told = { .refusal = 0 };

	(void)state;
	assert_int_equal(multipart_open(&multipart, TYPE, &ops, &told), 0);
	assert_int_equal(multipart_tail(&multipart), strlen(LAST));
}

static void test_bad(void **state)
{
	static const char * const bad[] = {
		"--a bx\r\n",
		LINE "\r\n\r\n",
		LINE "Content-Type: x\r\n\r\n",
		LINE "Content-Disposition: form-data\r\n\r\n",
		LINE FIELD(LONG_NAME),
		LINE FIELD("a") "1\r\n--a b xy",
	};
	enum multipart_state at;
	struct told told = { .refusal = 0 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(take(bad[i], 1, &told, &at), -EINVAL);
}

static void test_long_headers(void **state)
{
	char text[2 * MULTIPART_HEADERS_MAX] = LINE;
	enum multipart_state at;
	struct told told = { .refusal = 0 };

	(void)state;
	memset(text + strlen(LINE), 'x', MULTIPART_HEADERS_MAX);
	assert_int_equal(take(text, 100, &told, &at), -EINVAL);
}

static void test_incomplete(void **state)
{
	const char *text = good[2].text;
	enum multipart_state at;
	struct told told = { .refusal = 0 };
	char part[512];
	size_t length;

	(void)state;
	for (length = 0; length < strlen(text) - 2; length++) {
		memcpy(part, text, length);
		part[length] = '\0';
		assert_int_equal(take(part, 7, &told, &at), 0);
		assert_int_not_equal(at, MULTIPART_END);
	}
}

static void test_refused(void **state)
{
	enum multipart_state at;
	struct told told = { .refusal = -EPERM };

	(void)state;
	assert_int_equal(take(good[0].text, 1000, &told, &at), -EPERM);
}

static void test_types(void **state)
{
	static const struct {
		const char *type;
		int ret;
	} types[] = {
		{ "multipart/form-data; boundary=x", 0 },
		{ "multipart/form-data;charset=y;boundary=x", 0 },
		{ "multipart/form-data; BOUNDARY=\"x y\"", 0 },
		{ "multipart/form-data", -EINVAL },
		{ "multipart/form-data; boundary=", -EINVAL },
		{ "multipart/form-data; boundary=\"\"", -EINVAL },
		{ "multipart/form-data; xboundary=y", -EINVAL },
		{ "multipart/form-data; boundary=" LONG_NAME LONG_NAME, -EINVAL },
	};
	static struct multipart multipart;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(types); i++)
		assert_int_equal(multipart_open(&multipart, types[i].type, &ops, NULL),
				 types[i].ret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_tail),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_long_headers),
		cmocka_unit_test(test_incomplete),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
