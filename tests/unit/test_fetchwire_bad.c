// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "text.h"
#include "unit_fetchwire.h"

#define UPPER	"BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"

static void test_early_end(void **state)
{
	struct fetchwire wire = begin(&image);

	(void)state;
	assert_wrong(take_end(&wire, VERDICT_COMPLETE, 0), "before all");
	wire = answered(&image, make_headers(200, 1000));
	take_data(&wire, 999);
	assert_wrong(take_end(&wire, VERDICT_COMPLETE, 0), "before all");
	assert_false(wire.ended);
	wire = answered(&image, make_headers(200, 1000));
	assert_wrong(fetchwire_take(&wire, &packet, 0), "died");
}

static void test_bad_ends(void **state)
{
	static const struct {
		uint32_t result;
		uint32_t error;
		const char *wrong;
	} ends[] = {
		{ 0, 5, "result" },
		{ VERDICT_FAILED + 1, 5, "result" },
		{ UINT32_MAX, 5, "result" },
		{ VERDICT_FAILED, 0, "error" },
		{ VERDICT_FAILED, 4096, "error" },
		{ VERDICT_FAILED, UINT32_MAX, "error" },
		{ VERDICT_COMPLETE, 5, "error" },
	};
	struct fetchwire wire;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		wire = begin(&image);
		assert_wrong(take_end(&wire, ends[i].result, ends[i].error),
			     ends[i].wrong);
	}
	packet.end = make_end(VERDICT_FAILED, 5);
	strcpy(packet.end.sentence, "two\nlines");
	assert_wrong(fetchwire_take(&wire, &packet, sizeof(packet.end)), "sentence");
	strcpy(packet.end.sentence, "");
	assert_wrong(fetchwire_take(&wire, &packet, sizeof(packet.end)), "sentence");
	memset(packet.end.sentence, 'x', sizeof(packet.end.sentence));
	assert_wrong(fetchwire_take(&wire, &packet, sizeof(packet.end)), "sentence");
}

static void test_order(void **state)
{
	struct fetchwire wire = begin(&image);

	(void)state;
	assert_wrong(take_headers(&wire, make_headers(200, 10)), "wrong time");
	assert_wrong(take_data(&wire, 1), "nobody asked");
	assert_null(take_asked(&wire));
	assert_wrong(take_data(&wire, 1), "nobody asked");
	assert_null(take_headers(&wire, make_headers(200, 10)));
	assert_wrong(take_asked(&wire), "after the headers");
	assert_wrong(take_headers(&wire, make_headers(200, 10)), "wrong time");
	assert_wrong(take_entry(&wire, make_entry("firmware_uxm", "", "x")),
		     "nobody asked");
	assert_wrong(take_file(&wire, make_file("http://h/a")), "nobody asked");
	assert_wrong(take_dropped(&wire, make_dropped("x", 0)), "nobody asked");
}

static void test_data_of_settings(void **state)
{
	struct fetchwire_request settings = make_settings("");
	struct fetchwire wire = answered(&settings, make_headers(200, 10));

	(void)state;
	assert_wrong(take_data(&wire, 1), "nobody asked");
}

static void test_too_much(void **state)
{
	struct fetchwire_request rest = make_rest();
	struct fetchwire wire = answered(&image, make_headers(200, 10));

	(void)state;
	assert_wrong(take_data(&wire, 11), "than it announced");
	wire = begin(&image);
	take_asked(&wire);
	assert_wrong(take_headers(&wire, make_headers(200, 1001)), "size limit");
	assert_wrong(take_headers(&wire, make_headers(200, UINT64_MAX)),
		     "size limit");
	wire = begin(&rest);
	take_asked(&wire);
	assert_wrong(take_headers(&wire, make_part(400, 1000, 1001)), "size limit");
	assert_wrong(take_headers(&wire, make_headers(200, 1001)), "size limit");
}

static void test_bad_headers(void **state)
{
	struct fetchwire_request rest = make_rest();
	struct fetchwire wire = begin(&image);
	struct fetchwire_headers headers;

	(void)state;
	take_asked(&wire);
	assert_wrong(take_headers(&wire, make_headers(0, 10)), "status");
	assert_wrong(take_headers(&wire, make_headers(404, 10)), "status");
	assert_wrong(take_headers(&wire, make_headers(416, 10)), "status");
	assert_wrong(take_headers(&wire, make_headers(304, 10)), "status");
	assert_wrong(take_headers(&wire, make_part(0, 9, 10)), "status");
	wire = begin(&rest);
	take_asked(&wire);
	assert_wrong(take_headers(&wire, make_part(9, 8, 10)), "range");
	assert_wrong(take_headers(&wire, make_part(5, 10, 10)), "range");
	assert_wrong(take_headers(&wire, make_part(0, UINT64_MAX, 0)), "range");
	headers = make_headers(200, 10);
	headers.has_length = 2;
	assert_wrong(take_headers(&wire, headers), "range");
	headers = make_headers(200, 10);
	headers.delimited = 2;
	assert_wrong(take_headers(&wire, headers), "range");
	headers = make_headers(200, 10);
	strcpy(headers.etag, "one");
	assert_wrong(take_headers(&wire, headers), "text");
	strcpy(headers.etag, "\"\001\"");
	assert_wrong(take_headers(&wire, headers), "text");
	headers = make_headers(200, 10);
	memset(headers.modified, 'x', sizeof(headers.modified));
	assert_wrong(take_headers(&wire, headers), "text");
	assert_null(take_headers(&wire, make_headers(200, 10)));
}

static void test_bad_entries(void **state)
{
	struct fetchwire_request settings = make_settings("");
	struct fetchwire wire = answered(&settings, make_headers(200, 300));
	struct fetchwire_entry entry;

	(void)state;
	assert_wrong(take_entry(&wire, make_entry("firmware", "", "x")), "none of");
	assert_wrong(take_entry(&wire, make_entry("", "", "x")), "none of");
	assert_wrong(take_entry(&wire, make_entry("firmware_uxm", "", "")), "value");
	assert_wrong(take_entry(&wire, make_entry("update_policy", "", "maybe")),
		     "value");
	/* not the normal form */
	assert_wrong(take_entry(&wire, make_entry("firmware_interval", "", "007")),
		     "value");
	assert_wrong(take_entry(&wire, make_entry("firmware_uxm", "X", "x")),
		     "permission");
	assert_wrong(take_entry(&wire, make_entry("firmware_uxm", "", "a\nb")),
		     "text");
	entry = make_entry("firmware_uxm", "", "x");
	entry.line = 0;
	assert_wrong(take_entry(&wire, entry), "line");
	entry.line = UINT32_MAX;
	assert_wrong(take_entry(&wire, entry), "line");
	entry = make_entry("firmware_uxm", "", "x");
	memset(entry.value, 'x', sizeof(entry.value));
	assert_wrong(take_entry(&wire, entry), "text");
	entry = make_entry("firmware_uxm", "", "x");
	memset(entry.sha256, '0', sizeof(entry.sha256));
	assert_wrong(take_entry(&wire, entry), "text");
	strcpy(entry.sha256, "0");
	assert_wrong(take_entry(&wire, entry), "pin");
	strcpy(entry.sha256, UPPER);
	assert_wrong(take_entry(&wire, entry), "pin");
	entry = make_entry("setting_server", "", "http://h/");
	strcpy(entry.sha256, SHA256);
	assert_wrong(take_entry(&wire, entry), "pin");
	entry = make_entry("firmware_uxm", "", "x");
	entry.percent = 1;
	assert_wrong(take_entry(&wire, entry), "rollout");
	entry.limited = 2;
	assert_wrong(take_entry(&wire, entry), "rollout");
	entry.limited = 1;
	entry.percent = 101;
	assert_wrong(take_entry(&wire, entry), "rollout");
	entry = make_entry("setting_server", "", "http://h/");
	entry.limited = 1;
	assert_wrong(take_entry(&wire, entry), "rollout");
	entry = make_entry("firmware_uxm", "", "x");
	memset(entry.permission, 'V', sizeof(entry.permission));
	assert_wrong(take_entry(&wire, entry), "text");
	assert_null(take_entry(&wire, make_entry("firmware_uxm", "", "x")));
	assert_wrong(take_entry(&wire, make_entry("firmware_uxm", "", "y")),
		     "twice");
}

static void test_lengths(void **state)
{
	static const struct {
		uint32_t kind;
		size_t size;
	} packets[] = {
		{ FETCHWIRE_ASKED, 1 },
		{ FETCHWIRE_ASKED, 3 },
		{ FETCHWIRE_ASKED, sizeof(struct fetchwire_asked) + 1 },
		{ FETCHWIRE_HEADERS, sizeof(struct fetchwire_headers) - 1 },
		{ FETCHWIRE_HEADERS, sizeof(struct fetchwire_headers) + 1 },
		{ FETCHWIRE_DATA, 4 },
		{ FETCHWIRE_DATA, sizeof(struct fetchwire_data) + 1 },
		{ FETCHWIRE_ENTRY, sizeof(struct fetchwire_entry) - 1 },
		{ FETCHWIRE_FILE, sizeof(struct fetchwire_file) - 1 },
		{ FETCHWIRE_DROPPED, sizeof(struct fetchwire_dropped) + 1 },
		{ FETCHWIRE_END, sizeof(struct fetchwire_end) + 1 },
		{ 0, 4 },
		{ FETCHWIRE_END + 1, 4 },
		{ UINT32_MAX, sizeof(packet) },
	};
	struct fetchwire wire = answered(&image, make_headers(200, 10));
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(packets); i++) {
		packet.kind = packets[i].kind;
		assert_wrong(fetchwire_take(&wire, &packet, packets[i].size),
			     "no known kind and length");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_early_end),
		cmocka_unit_test(test_bad_ends),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_data_of_settings),
		cmocka_unit_test(test_too_much),
		cmocka_unit_test(test_bad_headers),
		cmocka_unit_test(test_bad_entries),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
