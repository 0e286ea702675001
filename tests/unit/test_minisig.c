// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "minisig.h"
#include "text.h"
#include "unit.h"

/* Made by minisign 0.11 of a file of a thousand zeroes */
#define FIRST	"untrusted comment: signature from minisign secret key\n"
#define SECOND \
	"RUQDxcZGTVmvfC6P9BUznj6AlnYAabgtpQbd6hIhHM6arZhWQZ0CV9wgf6nn3/7" \
	"swod+wnKuU5hah2cNRcC7DsZrcua7/4zr/wA=\n"
#define COMMENT	"timestamp:1796014038\tfile:snomD7C-1.6.1-r.bin\thashed"
#define THIRD	"trusted comment: " COMMENT "\n"
#define FOURTH \
	"946zeNV4XVh9jKw//QUj7sDyBsiL3IfFIeYRgkxFDsiGrxd4onUxgwkjiD9xnLer" \
	"1pC7Mvm/0ndQ5rBMd4phCA==\n"
/* The same with -l */
#define OLD_SECOND \
	"RWQDxcZGTVmvfCwsI1lYh1fQLkFlCvQKCJ9e19W0LUvALnWG7gThUvHZqS70wbj" \
	"LQBHTVdPhzurNGm8wqz61rvOhSzyTwtW2qQE=\n"

#define GOOD	"" FIRST SECOND THIRD FOURTH

static struct minisig minisig;

static const char *parse(const char *text)
{
	return minisig_parse(&minisig, text, strlen(text));
}

static void test_good(void **state)
{
	char key[KEYS_NAME_SIZE];

	(void)state;
	assert_null(parse(GOOD));
	keys_name(minisig.key, key);
	assert_string_equal(key, "7CAF594D46C6C503");
	assert_int_equal(minisig.size, MINISIG_SIGNATURE_SIZE + strlen(COMMENT));
	assert_int_equal(minisig.vouched[0], 0x2e);
	assert_memory_equal(minisig.vouched + MINISIG_SIGNATURE_SIZE, COMMENT,
			    strlen(COMMENT));
	assert_int_equal(minisig.global[0], 0xf7);
	assert_int_equal(minisig.global[63], 0x08);
}

static void test_other_ends_of_lines(void **state)
{
	static const char text[] = GOOD;
	char crlf[2 * sizeof(text)], *to = crlf;
	const char *from;

	(void)state;
	assert_null(minisig_parse(&minisig, text, strlen(text) - 1));
	for (from = text; *from; *to++ = *from++)
		if (*from == '\n')
			*to++ = '\r';
	assert_null(minisig_parse(&minisig, crlf, (size_t)(to - crlf)));
	assert_int_equal(minisig.size, MINISIG_SIGNATURE_SIZE + strlen(COMMENT));
}

static void test_bad(void **state)
{
	static const struct {
		const char *text;
		const char *wrong;
	} bad[] = {
		{ "", "begin" },
		{ "<html><body>sign in</body></html>\n", "begin" },
		{ "\n" GOOD, "begin" },
		{ "Untrusted comment: x\n" SECOND THIRD FOURTH, "begin" },
		{ "\xef\xbb\xbf" GOOD, "begin" },
		{ FIRST, "second line" },
		{ FIRST THIRD, "second line" },
		{ FIRST " " SECOND THIRD FOURTH, "second line" },
		{ FIRST "\n" SECOND THIRD FOURTH, "second line" },
		{ FIRST FOURTH THIRD FOURTH, "second line" },
		{ FIRST OLD_SECOND THIRD FOURTH, "without -l" },
		{ FIRST "A" SECOND THIRD FOURTH, "second line" },
		{ FIRST SECOND, "third line" },
		{ FIRST SECOND "trusted comment:" COMMENT "\n" FOURTH, "third line" },
		{ FIRST SECOND SECOND FOURTH, "third line" },
		{ FIRST SECOND THIRD, "fourth line" },
		{ FIRST SECOND THIRD "\n" FOURTH, "fourth line" },
		{ FIRST SECOND THIRD SECOND, "fourth line" },
		{ GOOD "\n", "four lines" },
		{ GOOD FIRST SECOND THIRD FOURTH, "four lines" },
		{ FIRST SECOND "trusted comment: \x01\n" FOURTH, "no text" },
		{ FIRST SECOND "trusted comment: \x1b[2J\n" FOURTH, "no text" },
		{ "untrusted comment: \x7f\n" SECOND THIRD FOURTH, "no text" },
	};
	const char *wrong;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		wrong = parse(bad[i].text);
		if (!wrong || !strstr(wrong, bad[i].wrong))
			fail_msg("%s: %s", bad[i].text, wrong ? wrong : "good");
	}
	assert_non_null(minisig_parse(&minisig, GOOD "\0", sizeof(GOOD)));
}

static void test_unknown_kind(void **state)
{
	char text[] = GOOD;

	(void)state;
	assert_int_equal(text[strlen(FIRST) + 2], 'Q');
	text[strlen(FIRST) + 2] = 'U';	/* EE */
	assert_non_null(strstr(parse(text), "no known kind"));
}

/* Wherever it ends, all of it is needed. */
static void test_truncated(void **state)
{
	static const char text[] = GOOD;
	size_t length;
	char *copy;

	(void)state;
	for (length = 0; length < strlen(text) - 1; length++) {
		/* so that what is read beyond it is noticed by a sanitizer */
		copy = malloc(length ? length : 1);
		assert_non_null(copy);
		memcpy(copy, text, length);
		assert_non_null(minisig_parse(&minisig, copy, length));
		free(copy);
	}
}

static void test_long_comments(void **state)
{
	char text[8192] = "untrusted comment: ";
	char comment[MINISIG_COMMENT_MAX + 2];

	(void)state;
	memset(comment, 'x', sizeof(comment));
	comment[MINISIG_COMMENT_MAX] = '\0';
	text_format(text, sizeof(text), "untrusted comment: %s\n" SECOND
		    "trusted comment: %s\n" FOURTH, comment, comment);
	assert_null(parse(text));
	assert_int_equal(minisig.size, sizeof(minisig.vouched));
	assert_false(minisig_names(&minisig, "x"));
	comment[MINISIG_COMMENT_MAX] = 'x';
	comment[MINISIG_COMMENT_MAX + 1] = '\0';
	text_format(text, sizeof(text), FIRST SECOND "trusted comment: %s\n" FOURTH,
		    comment);
	assert_non_null(strstr(parse(text), "too long"));
}

static void test_names(void **state)
{
	static const char name[] = "snomD7C-1.6.1-r.bin";
	static const struct {
		const char *comment;
		bool names;
	} comments[] = {
		{ COMMENT, true },
		{ "file:snomD7C-1.6.1-r.bin", true },
		{ "hashed\tfile:snomD7C-1.6.1-r.bin", true },
		{ "file:snomD7C-1.6.1-r.bin\t", true },
		{ "", false },
		{ "file:", false },
		{ "snomD7C-1.6.1-r.bin", false },
		{ "for the file:snomD7C-1.6.1-r.bin", false },
		{ "file: snomD7C-1.6.1-r.bin", false },
		{ "file:snomD7C-1.6.1-r.bin ", false },
		{ "file:snomD7C-1.6.1-r.binx", false },
		{ "file:snomD7C-1.6.1-r.bi", false },
		{ "file:/tmp/snomD7C-1.6.1-r.bin", false },
		{ "File:snomD7C-1.6.1-r.bin", false },
		{ "file:snomD7C-1.1.1-r.bin\tfile:snomD7C-1.6.1-r.bin", false },
		{ "file:snomD8C-1.6.1-r.bin", false },
	};
	char text[2048];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(comments); i++) {
		text_format(text, sizeof(text), FIRST SECOND "trusted comment: %s\n" FOURTH,
			    comments[i].comment);
		assert_null(parse(text));
		if (minisig_names(&minisig, name) != comments[i].names)
			fail_msg("%s", comments[i].comment);
	}
}

static void test_base64(void **state)
{
	/* RFC 4648, section 10; and what is as good to those who are not strict */
	static const char * const good[] = {
		"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy",
	};
	static const struct {
		const char *text;
		size_t length, size;
	} bad[] = {
		{ "Zh==", 4, 1 }, { "Zm9=", 4, 2 },	/* bits are left over */
		{ "Zm8", 3, 2 }, { "Zm8 ", 4, 2 }, { "Zm8==", 5, 2 }, { "Z===", 4, 0 },
		{ "Z===", 4, 1 }, { "====", 4, 1 }, { "=Zg=", 4, 1 }, { "Zg=A", 4, 1 },
		{ "Zg\0=", 4, 1 }, { "Zg\n=", 4, 1 }, { "Zm-v", 4, 3 }, { "Zm_v", 4, 3 },
		{ "Zm9\xf6", 4, 3 }, { "Zm9v", 4, 2 }, { "Zm9v", 4, 4 }, { "Zm9v", 4, 0 },
		{ "Zm9vYmE", 7, 5 }, { "Zm9v\nYmE=", 9, 5 }, { "Zg==Zg==", 8, 4 },
	};
	unsigned char bytes[8];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		memset(bytes, 'x', sizeof(bytes));
		assert_int_equal(base64_decode(good[i], strlen(good[i]), bytes, i), 0);
		assert_memory_equal(bytes, "foobar", i);
		assert_int_equal(bytes[i], 'x');
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (!base64_decode(bad[i].text, bad[i].length, bytes, bad[i].size))
			fail_msg("%s", bad[i].text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_other_ends_of_lines),
		cmocka_unit_test(test_bad), cmocka_unit_test(test_unknown_kind),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_long_comments), cmocka_unit_test(test_names),
		cmocka_unit_test(test_base64),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
