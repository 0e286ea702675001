// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "printable.h"
#include "text.h"
#include "unit.h"

static const struct {
	const char *from;
	const char *to;
} cases[] = {
	{ "", "" },
	{ "uxmc0\thttp://h/x ~", "uxmc0\thttp://h/x ~" },
	{ "\033[2Jgone\r\n", "?[2Jgone??" },
	{ "\001\037\177", "???" },
	/* The shortest and the longest of each length */
	{ "\302\240\337\277", "\302\240\337\277" },
	{ "\340\240\200\357\277\277", "\340\240\200\357\277\277" },
	{ "\360\220\200\200\364\217\277\277", "\360\220\200\200\364\217\277\277" },
	{ "gr\303\274n \342\202\254", "gr\303\274n \342\202\254" },
	/* CSI, as a character and as a byte */
	{ "\302\2332J", "??2J" },
	{ "\2332J", "?2J" },
	{ "\302\200\302\237", "????" },
	/* ISO-8859-1 */
	{ "gr\374n", "gr?n" },
	/* Too long for what it says, a surrogate, beyond Unicode */
	{ "\300\257", "??" },
	{ "\301\277", "??" },
	{ "\340\237\277", "???" },
	{ "\355\240\200", "???" },
	{ "\360\217\277\277", "????" },
	{ "\364\220\200\200", "????" },
	{ "\377\376", "??" },
	/* Cut off, by the end and by other things */
	{ "\303", "?" },
	{ "\342\202", "??" },
	{ "\360\237\230", "???" },
	{ "\342\202x", "??x" },
	{ "\342x\254", "?x?" },
	{ "\342\303\274", "?\303\274" },
};

static void test_printable(void **state)
{
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		strcpy(text, cases[i].from);
		printable(text);
		assert_string_equal(text, cases[i].to);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_printable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
