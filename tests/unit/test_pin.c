// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "pin.h"
#include "text.h"
#include "unit.h"

#define SHA256	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define UPPER	"BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"

static void test_good(void **state)
{
	static const char * const texts[] = { SHA256, UPPER };
	char pin[PIN_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_int_equal(pin_parse(texts[i], pin), 0);
		assert_string_equal(pin, SHA256);
	}
}

static void test_bad(void **state)
{
	static const char * const texts[] = {
		"", "0", &SHA256[1], SHA256 "0", SHA256 " ", " " SHA256,
		"0x" SHA256, "g" SHA256, SHA256 "\n", SHA256 SHA256,
		"sha256:" SHA256, "none",
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a:",
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015aG",
		"ba7816bf 8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a",
	};
	char pin[PIN_SIZE] = "as it was";
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_int_equal(pin_parse(texts[i], pin), -EINVAL);
		assert_string_equal(pin, "as it was");
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good), cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
