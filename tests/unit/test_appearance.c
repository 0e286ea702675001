// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "appearance.h"
#include "text.h"
#include "unit.h"

#define CASE(bytes, kind, name, excerpt) \
	{ bytes, sizeof(bytes) - 1, APPEARANCE_##kind, name, excerpt }
#define PAGE(bytes, excerpt)	CASE(bytes, PAGE, "a web page", excerpt)
#define XML(bytes, excerpt)	CASE(bytes, XML, "an XML file", excerpt)
#define TEXT(bytes, excerpt)	CASE(bytes, TEXT, "a text", excerpt)
#define PACKED(bytes, name)	CASE(bytes, PACKED, name, "")
#define IMAGE(bytes)		CASE(bytes, OPAQUE, "", "")

static const struct {
	const char *bytes;
	size_t count;
	enum appearance_kind kind;
	const char *name;
	const char *excerpt;
} cases[] = {
	/* As portals, proxies and web servers send them */
	PAGE("<!DOCTYPE html>\n<html><head><title>Sign in to Hotel</title>",
	     ": 'Sign in to Hotel'"),
	PAGE("\xef\xbb\xbf\r\n <HTML><BODY>It works!</BODY></HTML>\n",
	     ": 'It works!'"),
	PAGE("<!-- saved -->\n<!-- twice --><html\n><p>Hello,\n\n <b>you</b>",
	     ": 'Hello, you'"),
	PAGE("<?xml version=\"1.0\"?>\n<!DOCTYPE HTML PUBLIC \"-//W3C//\">x",
	     ": 'x'"),
	PAGE("<h1>404 Not Found</h1>", ": '404 Not Found'"),
	PAGE("<TITLE lang=en>\n  Sign \t in\n</TITLE><p>no", ": 'Sign in'"),
	PAGE("<html><title>0123456789012345678901234567890123456789abcdef",
	     ": '0123456789012345678901234567890123456789abc'"),
	PAGE("<html><title>\xc3\xa4\x1b[2J\x7f\xff</title>",
	     ": '\xc3\xa4?[2J?\?'"),
	PAGE("<html><title>no http://user:a-long-password-0123456789@h/x",
	     ": 'no http://***@h/x'"),
	PAGE("<html></html>", ""),
	PAGE("<html>", ""),
	PAGE("<html>\0\1\2\3", ""),
	PAGE("\xff\xfe<\0h\0t\0m\0l\0>\0H\0i\0", ": 'Hi'"),
	PAGE("\xfe\xff\0<\0p\0>\0H\0i", ": 'Hi'"),

	XML("<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>",
	    ": 'AccessDenied'"),
	XML("<settings><firmware_uxm/></settings>", ""),
	XML("<abbr>x", ": 'x'"),
	XML("<?xml", ""),

	TEXT("{\"error\": 404}\n", ": '{\"error\": 404}'"),
	TEXT("--cut\r\nContent-Range: bytes 0-9/10\r\n",
	     ": '--cut Content-Range: bytes 0-9/10'"),
	/* ISO-8859-1 */
	TEXT("Gr\374\337e aus dem Netz, im Jahr 1998",
	     ": 'Gr?\?e aus dem Netz, im Jahr 1998'"),
	TEXT("\xd0\x9f\xd1\x80\xd0\xb8", ": '\xd0\x9f\xd1\x80\xd0\xb8'"),
	TEXT("S00600004844521B\n", ": 'S00600004844521B'"),
	TEXT("\n\n", ""),
	TEXT("< 3", ""),

	PACKED("\x1f\x8b\x08\0", "a gzip file"),
	PACKED("PK\3\4\n", "a zip file"),
	PACKED("PK\5\6\0\0", "a zip file"),
	PACKED("\3757zXZ\0\0", "an xz file"),
	PACKED("BZh91AY", "a bzip2 file"),
	PACKED("\x28\xb5\x2f\xfd\x04", "a zstd file"),
	PACKED("7z\xbc\xaf\x27\x1c\0", "a 7z file"),
	PACKED("%PDF-1.4\n", "a PDF file"),

	IMAGE("D7C\0\0\0\0\0\0\061.6.1"),
	IMAGE("\0<html>"),
	IMAGE("<\1html>"),
	IMAGE("PK\3\5 but a control character"),
	IMAGE("\xff\xff\xff\xff\xff\xff\xff\xff"),
	IMAGE("\xff\xfe\x80\x81\x82\x83\x84\x85"),
	IMAGE("\177ELF\1"),
	IMAGE(""),
	IMAGE("\xef\xbb\xbf"),
};

/* In a block of just that size, so that a byte too far is seen. */
static void look(struct appearance *appearance, const char *bytes, size_t count)
{
	char *block = malloc(count ? count : 1);

	assert_non_null(block);
	memcpy(block, bytes, count);
	appearance_look(appearance, block, count);
	free(block);
}

static void test_cases(void **state)
{
	struct appearance appearance;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		look(&appearance, cases[i].bytes, cases[i].count);
		if (appearance.kind != cases[i].kind ||
		    strcmp(appearance.name, cases[i].name) ||
		    strcmp(appearance.excerpt, cases[i].excerpt))
			fail_msg("case %zu, '%s': %d, \"%s\"%s", i,
				 cases[i].bytes, appearance.kind,
				 appearance.name, appearance.excerpt);
	}
}

/* However little of it there is, nothing beyond that is looked at. */
static void test_cut_off(void **state)
{
	struct appearance appearance;
	size_t i, count;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		for (count = 0; count < cases[i].count; count++)
			look(&appearance, cases[i].bytes, count);
}

/* What comes later is of no account. */
static void test_only_the_first_bytes(void **state)
{
	char bytes[APPEARANCE_BYTES + 1];
	struct appearance appearance;

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	bytes[APPEARANCE_BYTES] = '\0';
	look(&appearance, bytes, sizeof(bytes));
	assert_int_equal(appearance.kind, APPEARANCE_TEXT);
	bytes[APPEARANCE_BYTES - 1] = '\1';
	look(&appearance, bytes, sizeof(bytes));
	assert_int_equal(appearance.kind, APPEARANCE_OPAQUE);
}

/* A character that the last byte cuts in two spoils no text. */
static void test_character_cut_off(void **state)
{
	char bytes[APPEARANCE_BYTES];
	struct appearance appearance;
	size_t i;

	(void)state;
	bytes[0] = 'x';
	for (i = 1; i + 1 < sizeof(bytes); i += 2) {
		bytes[i] = '\xd0';
		bytes[i + 1] = '\x9f';
	}
	bytes[sizeof(bytes) - 1] = '\xd0';
	look(&appearance, bytes, sizeof(bytes));
	assert_int_equal(appearance.kind, APPEARANCE_TEXT);
}

/* Real images, whatever they begin with: 20,000 of them, of random bytes. */
static void test_random_is_opaque(void **state)
{
	unsigned char bytes[APPEARANCE_BYTES];
	struct appearance appearance;
	unsigned int seed = 1;
	int i;
	size_t at;

	(void)state;
	for (i = 0; i < 20000; i++) {
		for (at = 0; at < sizeof(bytes); at++)
			bytes[at] = (unsigned char)(rand_r(&seed) >> 7);
		appearance_look(&appearance, bytes, sizeof(bytes));
		assert_int_equal(appearance.kind, APPEARANCE_OPAQUE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_only_the_first_bytes),
		cmocka_unit_test(test_character_cut_off),
		cmocka_unit_test(test_random_is_opaque),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
