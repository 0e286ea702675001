// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "text.h"
#include "unit_fetchwire.h"

static void test_image(void **state)
{
	struct fetchwire wire = answered(&image, make_headers(200, 1000));

	(void)state;
	assert_null(take_data(&wire, 999));
	assert_int_equal(wire.received, 999);
	assert_null(take_data(&wire, 1));
	assert_false(wire.ended);
	assert_null(take_end(&wire, VERDICT_COMPLETE, 0));
	assert_true(wire.ended);
	assert_null(fetchwire_take(&wire, &packet, 0));
	assert_wrong(take_asked(&wire), "after its end");
}

static void test_image_without_length(void **state)
{
	struct fetchwire_headers headers = make_headers(200, 0);
	struct fetchwire wire;

	(void)state;
	headers.has_length = 0;
	wire = begin(&image);
	take_asked(&wire);
	assert_wrong(take_headers(&wire, headers), "without an end");
	headers.delimited = 1;
	wire = answered(&image, headers);
	assert_null(take_data(&wire, 10));
	assert_null(take_end(&wire, VERDICT_COMPLETE, 0));
	wire = answered(&image, headers);
	assert_null(take_data(&wire, 1000));
	assert_wrong(take_data(&wire, 1), "size limit");
}

static void test_rest(void **state)
{
	struct fetchwire_request rest = make_rest();
	struct fetchwire wire = answered(&rest, make_part(400, 999, 1000));

	(void)state;
	assert_null(take_data(&wire, 600));
	assert_null(take_end(&wire, VERDICT_COMPLETE, 0));

	/* the whole instead, whatever there is of it */
	wire = answered(&rest, make_headers(200, 1000));
	assert_null(take_data(&wire, 1000));
	assert_null(take_end(&wire, VERDICT_COMPLETE, 0));

	/* no rest */
	wire = answered(&rest, make_headers(416, 0));
	assert_wrong(take_data(&wire, 1), "nobody asked");
	wire = answered(&rest, make_headers(416, 0));
	assert_wrong(take_end(&wire, VERDICT_COMPLETE, 0), "before all");
	wire = answered(&rest, make_headers(416, 0));
	assert_null(take_end(&wire, VERDICT_BROKEN, 11));
}

static void test_signature(void **state)
{
	struct fetchwire_request request = image;
	struct fetchwire wire;

	(void)state;
	request.what = FETCHWIRE_SIGNATURE;
	wire = answered(&request, make_headers(200, 1000));
	assert_null(take_data(&wire, 1000));
	assert_wrong(take_data(&wire, 1), "more data than it announced");
	assert_null(take_end(&wire, VERDICT_COMPLETE, 0));
	wire = answered(&request, make_headers(200, 1000));
	assert_wrong(take_end(&wire, VERDICT_COMPLETE, 0), "before all had come");
	assert_wrong(take_entry(&wire, make_entry("firmware_uxm", "", "x")),
		     "nobody asked for");
	wire = begin(&request);
	assert_null(take_asked(&wire));
	assert_wrong(take_headers(&wire, make_headers(200, 1001)), "size limit");
	assert_wrong(take_headers(&wire, make_part(0, 9, 10)), "status");
	assert_wrong(take_headers(&wire, make_headers(304, 0)), "status");
}

static void test_settings(void **state)
{
	struct fetchwire_request settings = make_settings("");
	struct fetchwire wire = answered(&settings, make_headers(200, 300));
	struct fetchwire_entry entry = make_entry("firmware_uxm", "R", "whatever");

	(void)state;
	strcpy(entry.sha256, SHA256);
	entry.limited = 1;
	entry.percent = 100;
	assert_null(take_entry(&wire, entry));
	assert_null(take_entry(&wire, make_entry("update_policy", "V!",
						 "never_update")));
	assert_null(take_end(&wire, VERDICT_COMPLETE, 0));
	/* none at all is fine as well */
	wire = answered(&settings, make_headers(200, 300));
	assert_null(take_end(&wire, VERDICT_COMPLETE, 0));
}

static void test_files(void **state)
{
	struct fetchwire_request settings = make_settings("");
	struct fetchwire wire = answered(&settings, make_headers(200, 300));
	struct fetchwire_file file;
	unsigned int i;

	(void)state;
	assert_wrong(take_file(&wire, make_file("a.xml")), "http or https URL");
	assert_wrong(take_file(&wire, make_file("")), "http or https URL");
	assert_wrong(take_file(&wire, make_file("file:///etc/passwd")),
		     "http or https URL");
	assert_wrong(take_file(&wire, make_file("http://h/a b")), "http or https URL");
	file = make_file("http://h/a");
	memset(file.url + 10, 'x', sizeof(file.url) - 10);
	assert_wrong(take_file(&wire, file), "http or https URL");
	file = make_file("http://h/a");
	file.line = 0;
	assert_wrong(take_file(&wire, file), "line");
	file.line = UINT32_MAX;
	assert_wrong(take_file(&wire, file), "line");
	for (i = 0; i < PROVISION_FILES_MAX; i++)
		assert_null(take_file(&wire, make_file("http://u:p@h/{mac}.xml")));
	assert_wrong(take_file(&wire, make_file("http://h/a")), "too many files");
	assert_null(take_entry(&wire, make_entry("firmware_uxm", "", "x")));
	assert_null(take_end(&wire, VERDICT_COMPLETE, 0));
}

static void test_dropped(void **state)
{
	struct fetchwire_request settings = make_settings("");
	struct fetchwire wire = answered(&settings, make_headers(200, 300));
	struct fetchwire_dropped dropped;
	unsigned int i;

	(void)state;
	assert_wrong(take_dropped(&wire, make_dropped("", 0)), "sentence");
	assert_wrong(take_dropped(&wire, make_dropped("two\nlines", 0)), "sentence");
	dropped = make_dropped("x", 0);
	memset(dropped.sentence, 'x', sizeof(dropped.sentence));
	assert_wrong(take_dropped(&wire, dropped), "sentence");
	dropped = make_dropped("x", 0);
	dropped.line = 0;
	assert_wrong(take_dropped(&wire, dropped), "line");
	assert_wrong(take_dropped(&wire, make_dropped("x", 2)), "firmware_uxm");
	for (i = 0; i < PROVISION_DROPPED_MAX; i++)
		assert_null(take_dropped(&wire, make_dropped("x", 0)));
	assert_wrong(take_dropped(&wire, make_dropped("x", 0)), "too much");
}

/* A firmware_uxm counts, or it does not. */
static void test_spoiled(void **state)
{
	struct fetchwire_request settings = make_settings("");
	struct fetchwire wire = answered(&settings, make_headers(200, 300));

	(void)state;
	assert_null(take_entry(&wire, make_entry("firmware_uxm", "", "x")));
	assert_wrong(take_dropped(&wire, make_dropped("x", 1)), "firmware_uxm");
	wire = answered(&settings, make_headers(200, 300));
	assert_null(take_dropped(&wire, make_dropped("x", 1)));
	assert_wrong(take_entry(&wire, make_entry("firmware_uxm", "", "x")), "twice");
	assert_null(take_entry(&wire, make_entry("update_policy", "", "never_update")));
}

static void test_settings_unchanged(void **state)
{
	struct fetchwire_request known = make_settings("W/\"one\"");
	struct fetchwire_request unknown = make_settings("");
	struct fetchwire wire = answered(&known, make_headers(304, 0));

	(void)state;
	assert_wrong(take_entry(&wire, make_entry("firmware_uxm", "", "x")),
		     "nobody asked");
	assert_wrong(take_file(&wire, make_file("http://h/a")), "nobody asked");
	assert_wrong(take_dropped(&wire, make_dropped("x", 0)), "nobody asked");
	wire = answered(&known, make_headers(304, 0));
	assert_null(take_end(&wire, VERDICT_COMPLETE, 0));
	wire = begin(&unknown);
	take_asked(&wire);
	assert_wrong(take_headers(&wire, make_headers(304, 0)), "brings nothing");
}

static void test_end_at_any_time(void **state)
{
	struct fetchwire wire = begin(&image);

	(void)state;
	assert_null(take_end(&wire, VERDICT_FAILED, 5));
	wire = begin(&image);
	take_asked(&wire);
	assert_null(take_end(&wire, VERDICT_BROKEN, 5));
	wire = answered(&image, make_headers(200, 1000));
	take_data(&wire, 999);
	assert_null(take_end(&wire, VERDICT_BROKEN, 5));
}

static void test_redirects(void **state)
{
	struct fetchwire wire = begin(&image);
	unsigned int i;

	(void)state;
	for (i = 0; i < FETCHWIRE_ASKED_MAX; i++)
		assert_null(take_asked(&wire));
	assert_wrong(take_asked(&wire), "too many");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_image),
		cmocka_unit_test(test_image_without_length),
		cmocka_unit_test(test_rest),
		cmocka_unit_test(test_signature),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_dropped),
		cmocka_unit_test(test_spoiled),
		cmocka_unit_test(test_settings_unchanged),
		cmocka_unit_test(test_end_at_any_time),
		cmocka_unit_test(test_redirects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
