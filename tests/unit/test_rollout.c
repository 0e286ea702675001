// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "rollout.h"
#include "text.h"
#include "unit.h"

#define URL	"http://pbx.example.org/snomD7C-1.6.1-r.bin"
#define PHONES	10000U

static void test_parse(void **state)
{
	static const struct {
		const char *text;
		unsigned int percent;
	} good[] = {
		{ "0", 0 }, { "1", 1 }, { "05", 5 }, { "50", 50 }, { "100", 100 },
	};
	static const char * const bad[] = {
		"", "101", "999", "0100", "1000", "-1", "+1", " 1", "1 ", "1%", "0x1",
		"1.5", "all", "18446744073709551617",
	};
	struct rollout rollout;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		rollout = (struct rollout){ 0 };
		assert_int_equal(rollout_parse(good[i].text, &rollout), 0);
		assert_true(rollout.limited);
		assert_int_equal(rollout.percent, good[i].percent);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		rollout = (struct rollout){ 0 };
		if (rollout_parse(bad[i], &rollout) != -EINVAL)
			fail_msg("\"%s\" was taken", bad[i]);
		assert_false(rollout.limited);
	}
}

/* As md5sum has it, too: administrators compute it, so it must never change. */
static void test_places(void **state)
{
	static const struct {
		const char *mac;
		const char *url;
		unsigned int place;
	} places[] = {
		{ "000413922D24", URL, 73 },
		{ "000413922D25", URL, 27 },
		{ "000413922D24", "http://pbx.example.org/snomD7C-1.6.2-r.bin", 14 },
		{ "000413922D24", "https://h/snomD8C-1.6.1-r.bin?mac={mac}&x", 71 },
		{ "FFFFFFFFFFFF", "http://h/a", 97 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(places); i++)
		assert_int_equal(rollout_place(places[i].mac, places[i].url),
				 places[i].place);
}

/* Phones that were bought together have addresses that follow each other. */
static void make_mac(unsigned int phone, char *mac, size_t size)
{
	text_format(mac, size, "00041392%04X", phone);
}

/* How many phones have each place, and have it for two images */
static unsigned int counts[ROLLOUT_ALL], alike;

static void count_places(const char *url, const char *other)
{
	unsigned int phone, place;
	char mac[13];

	alike = 0;
	memset(counts, 0, sizeof(counts));
	for (phone = 0; phone < PHONES; phone++) {
		make_mac(phone, mac, sizeof(mac));
		place = rollout_place(mac, url);
		assert_true(place < ROLLOUT_ALL);
		counts[place]++;
		alike += place == rollout_place(mac, other);
	}
}

/*
 * Of all phones N per cent are taken, within 2, for each N; and as a phone has one
 * place, a larger N takes those of a smaller one.
 */
static void test_shares(void **state)
{
	static const char * const urls[] = {
		URL, "https://h/snomD8C-1.6.1-r.bin?mac={mac}", "http://h/a",
	};
	unsigned int percent, taken;
	double worst = 0, off;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(urls); i++) {
		count_places(urls[i], "http://pbx.example.org/snomD7C-1.6.2-r.bin");
		taken = 0;
		for (percent = 0; percent <= ROLLOUT_ALL; percent++) {
			off = taken * 100.0 / PHONES - percent;
			off = off < 0 ? -off : off;
			worst = off > worst ? off : worst;
			assert_true(off < 2);
			if (percent < ROLLOUT_ALL)
				taken += counts[percent];
		}
		assert_int_equal(taken, PHONES);
		/* Not always the same phones are the first. */
		assert_in_range(alike, PHONES / 200, PHONES / 50);
	}
	printf("  rollout: of %u phones at most %.2f %% more or less than asked for\n",
	       PHONES, worst);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse), cmocka_unit_test(test_places),
		cmocka_unit_test(test_shares),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
