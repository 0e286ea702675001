// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "text.h"
#include "unit_fetchwire.h"

#define SHA256	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define UPPER	"BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"

static union fetchwire_packet packet;

static struct fetchwire_request make_rest(void)
{
	struct fetchwire_request request = image;

	request.offset = 400;
	strcpy(request.etag, "\"one\"");
	return request;
}

static struct fetchwire_request make_settings(const char *etag)
{
	struct fetchwire_request request = image;

	request.what = FETCHWIRE_SETTINGS;
	strcpy(request.etag, etag);
	return request;
}

static struct fetchwire begin(const struct fetchwire_request *request)
{
	struct fetchwire wire;

	assert_null(fetchwire_check_request(request, sizeof(*request)));
	fetchwire_begin(&wire, request);
	return wire;
}

static const char *take_asked(struct fetchwire *wire)
{
	packet.asked.kind = FETCHWIRE_ASKED;
	return fetchwire_take(wire, &packet, sizeof(packet.asked));
}

static struct fetchwire_headers make_headers(uint32_t status, uint64_t length)
{
	return (struct fetchwire_headers){
		.kind = FETCHWIRE_HEADERS,
		.status = status,
		.has_length = 1,
		.length = length,
		.etag = "\"one\"",
	};
}

static struct fetchwire_headers make_part(uint64_t first, uint64_t last,
					  uint64_t total)
{
	struct fetchwire_headers headers = make_headers(206, last - first + 1);

	headers.has_range = 1;
	headers.first = first;
	headers.last = last;
	headers.total = total;
	return headers;
}

static const char *take_headers(struct fetchwire *wire,
				struct fetchwire_headers headers)
{
	packet.headers = headers;
	return fetchwire_take(wire, &packet, sizeof(packet.headers));
}

static const char *take_data(struct fetchwire *wire, size_t count)
{
	packet.data.kind = FETCHWIRE_DATA;
	return fetchwire_take(wire, &packet,
			      offsetof(struct fetchwire_data, bytes) + count);
}

static struct fetchwire_entry make_entry(const char *name, const char *permission,
					 const char *value)
{
	struct fetchwire_entry entry = { .kind = FETCHWIRE_ENTRY, .line = 3 };

	strcpy(entry.name, name);
	strcpy(entry.permission, permission);
	strcpy(entry.value, value);
	return entry;
}

static const char *take_entry(struct fetchwire *wire,
			      struct fetchwire_entry entry)
{
	packet.entry = entry;
	return fetchwire_take(wire, &packet, sizeof(packet.entry));
}

static struct fetchwire_file make_file(const char *url)
{
	struct fetchwire_file file = { .kind = FETCHWIRE_FILE, .line = 3 };

	strcpy(file.url, url);
	return file;
}

static const char *take_file(struct fetchwire *wire, struct fetchwire_file file)
{
	packet.file = file;
	return fetchwire_take(wire, &packet, sizeof(packet.file));
}

static struct fetchwire_dropped make_dropped(const char *sentence, uint32_t spoils)
{
	struct fetchwire_dropped dropped = {
		.kind = FETCHWIRE_DROPPED, .line = 3, .spoils = spoils,
	};

	strcpy(dropped.sentence, sentence);
	return dropped;
}

static const char *take_dropped(struct fetchwire *wire,
				struct fetchwire_dropped dropped)
{
	packet.dropped = dropped;
	return fetchwire_take(wire, &packet, sizeof(packet.dropped));
}

static struct fetchwire_end make_end(uint32_t result, uint32_t error)
{
	return (struct fetchwire_end){
		.kind = FETCHWIRE_END,
		.result = result,
		.error = error,
		.sentence = "so it is",
	};
}

static const char *take_end(struct fetchwire *wire, uint32_t result,
			    uint32_t error)
{
	packet.end = make_end(result, error);
	return fetchwire_take(wire, &packet, sizeof(packet.end));
}

/* A job as far as its headers. */
static struct fetchwire answered(const struct fetchwire_request *request,
				 struct fetchwire_headers headers)
{
	struct fetchwire wire = begin(request);

	assert_null(take_asked(&wire));
	assert_null(take_headers(&wire, headers));
	return wire;
}

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

static void test_redirects(void **state)
{
	struct fetchwire wire = begin(&image);
	unsigned int i;

	(void)state;
	for (i = 0; i < FETCHWIRE_ASKED_MAX; i++)
		assert_null(take_asked(&wire));
	assert_wrong(take_asked(&wire), "too many");
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
		cmocka_unit_test(test_early_end),
		cmocka_unit_test(test_bad_ends),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_redirects),
		cmocka_unit_test(test_data_of_settings),
		cmocka_unit_test(test_too_much),
		cmocka_unit_test(test_bad_headers),
		cmocka_unit_test(test_bad_entries),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
