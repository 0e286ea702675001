// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "md5.h"
#include "text.h"
#include "unit.h"

#define ALPHABET	"abcdefghijklmnopqrstuvwxyz"
#define EIGHTY		"12345678901234567890123456789012345678901234567890" \
			"123456789012345678901234567890"

/* RFC 1321, A.5 */
static const struct {
	const char *text;
	const char *sum;
} suite[] = {
	{ "", "d41d8cd98f00b204e9800998ecf8427e" },
	{ "a", "0cc175b9c0f1b6a831c399e269772661" },
	{ "abc", "900150983cd24fb0d6963f7d28e17f72" },
	{ "message digest", "f96b697d7cb7938d525a2f31aaf161d0" },
	{ ALPHABET, "c3fcd3d76192e4007dfb496cca67e13b" },
	{ "ABCDEFGHIJKLMNOPQRSTUVWXYZ" ALPHABET "0123456789",
	  "d174ab98d277d9f5a5611c2c9f419d9f" },
	{ EIGHTY, "57edf4a22be3c955ac49da2e2107b67a" },
};

static void test_suite(void **state)
{
	char sum[MD5_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(suite); i++) {
		md5_joined(&suite[i].text, 1, sum);
		assert_string_equal(sum, suite[i].sum);
	}
}

/* Where the length does not fit into the block that the text ends in, and does */
static void test_ends_of_blocks(void **state)
{
	static const struct {
		size_t length;
		const char *sum;
	} cases[] = {
		{ 55, "ef1772b6dff9a122358552954ad0df65" },
		{ 56, "3b0c8ac703f828b04c6c197006d17218" },
		{ 63, "b06521f39153d618550606be297466d5" },
		{ 64, "014842d480b571495a4a0363793f7367" },
		{ 119, "8a7bd0732ed6a28ce75f6dabc90e1613" },
		{ 120, "5f61c0ccad4cac44c75ff505e1f1e537" },
	};
	char text[128], sum[MD5_SIZE];
	const char *part = text;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(text, 'a', cases[i].length);
		text[cases[i].length] = '\0';
		md5_joined(&part, 1, sum);
		assert_string_equal(sum, cases[i].sum);
	}
}

/* RFC 7616, 3.9.1: the example with MD5 */
static void test_digest(void **state)
{
	static const char * const secret[] = {
		"Mufasa", "http-auth@example.org", "Circle of Life",
	};
	static const char * const what[] = { "GET", "/dir/index.html" };
	char first[MD5_SIZE], last[MD5_SIZE], response[MD5_SIZE];
	const char * const whole[] = {
		first, "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "00000001",
		"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "auth", last,
	};

	(void)state;
	md5_joined(secret, ARRAY_SIZE(secret), first);
	md5_joined(what, ARRAY_SIZE(what), last);
	md5_joined(whole, ARRAY_SIZE(whole), response);
	assert_string_equal(response, "8ca523f5e9506fed4657c9700eebdbec");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_suite),
		cmocka_unit_test(test_ends_of_blocks),
		cmocka_unit_test(test_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
