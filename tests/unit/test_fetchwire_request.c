// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "unit_fetchwire.h"

static const char *check(const struct fetchwire_request *request)
{
	return fetchwire_check_request(request, sizeof(*request));
}

static void assert_refused(const struct fetchwire_request *request,
			   const char *wanted)
{
	assert_wrong(check(request), wanted);
}

static void test_good(void **state)
{
	struct fetchwire_request request = image;

	(void)state;
	assert_null(check(&request));
	request.offset = 999;
	strcpy(request.modified, "Sun, 06 Nov 1994 08:49:37 GMT");
	strcpy(request.ca_file, "/etc/ca.pem");
	strcpy(request.client_cert, "/etc/client.pem");
	strcpy(request.client_key, "/etc/key.pem");
	strcpy(request.user, "phone");
	strcpy(request.password, "s3cr3t: @/");
	strcpy(request.proxy, "socks5h://me:pr0xy@proxy:1080");
	strcpy(request.no_proxy, "pbx, .example.org");
	request.rate_min = UINT32_MAX;
	assert_null(check(&request));
	strcpy(request.etag, "\"one\"");
	assert_null(check(&request));
	request = image;
	request.what = FETCHWIRE_SETTINGS;
	strcpy(request.etag, "W/\"one\"");
	*request.user_agent = '\0';
	assert_null(check(&request));
	request.listed = 1;
	assert_null(check(&request));
}

static void test_lengths(void **state)
{
	struct fetchwire_request request = image;

	(void)state;
	assert_string_equal(fetchwire_check_request(&request, 0),
			    "the request is too short");
	assert_string_equal(fetchwire_check_request(&request, 3),
			    "the request is too short");
	assert_non_null(fetchwire_check_request(&request, 4));
	assert_non_null(fetchwire_check_request(&request, sizeof(request) - 1));
	assert_non_null(fetchwire_check_request(&request, sizeof(request) + 1));
	request.version++;
	assert_refused(&request, "another version");
	/* whatever length that has */
	assert_string_equal(fetchwire_check_request(&request, 4), check(&request));
}

static void test_numbers(void **state)
{
	struct fetchwire_request request = image;

	(void)state;
	request.what = 0;
	assert_refused(&request, "neither");
	request = image;
	request.listed = 1;
	assert_refused(&request, "listed");
	request.what = FETCHWIRE_SETTINGS;
	request.listed = 2;
	assert_refused(&request, "listed");
	request.what = FETCHWIRE_SIGNATURE + 1;
	assert_refused(&request, "neither");
	request = image;
	request.size_max = 0;
	assert_refused(&request, "size limit");
	request.size_max = FETCHWIRE_SIZE_MAX + 1;
	assert_refused(&request, "size limit");
	request = image;
	request.connect_timeout = 0;
	assert_refused(&request, "timeout");
	request = image;
	request.stall_timeout = FETCHWIRE_TIMEOUT_MAX + 1;
	assert_refused(&request, "timeout");
}

static void test_offsets(void **state)
{
	struct fetchwire_request request = image;

	(void)state;
	request.offset = 1;
	assert_refused(&request, "offset");
	strcpy(request.etag, "W/\"one\"");
	assert_refused(&request, "offset");
	strcpy(request.etag, "\"one\"");
	assert_null(check(&request));
	request.offset = request.size_max;
	assert_refused(&request, "offset");
	request.offset = 1;
	request.what = FETCHWIRE_SETTINGS;
	assert_refused(&request, "offset");
}

static void test_texts(void **state)
{
	struct fetchwire_request request = image;

	(void)state;
	memset(request.url + 10, 'x', sizeof(request.url) - 10);
	assert_refused(&request, "without an end");
	request = image;
	memset(request.ca_file, '/', sizeof(request.ca_file));
	assert_refused(&request, "without an end");
	request = image;
	memset(request.user_agent, 'x', sizeof(request.user_agent));
	assert_refused(&request, "without an end");
	/* would be a header of its own */
	request = image;
	strcpy(request.user_agent, "Phone\r\nHost: other");
	assert_refused(&request, "control characters");
	request = image;
	strcpy(request.modified, "now\n");
	assert_refused(&request, "control characters");
	request = image;
	strcpy(request.etag, "one");
	assert_refused(&request, "quotes");
	request = image;
	strcpy(request.ca_file, "ca.pem");
	assert_refused(&request, "absolute path");
	request = image;
	strcpy(request.client_cert, "client.pem");
	assert_refused(&request, "absolute path");
	request = image;
	strcpy(request.client_key, "key.pem");
	assert_refused(&request, "absolute path");
	request = image;
	strcpy(request.password, "s3cr3t\r\nHost: other");
	assert_refused(&request, "control characters");
	request = image;
	memset(request.user, 'x', sizeof(request.user));
	assert_refused(&request, "without an end");
	request = image;
	memset(request.no_proxy, 'x', sizeof(request.no_proxy));
	assert_refused(&request, "without an end");
	request = image;
	strcpy(request.proxy, "file:///etc/passwd");
	assert_refused(&request, "proxy");
}

static void test_urls(void **state)
{
	static const char * const urls[] = {
		"", "server", "ftp://server/a", "file:///etc/passwd", "http://",
		"http://server/a b", "http:///a",
	};
	struct fetchwire_request request = image;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
		strcpy(request.url, urls[i]);
		assert_refused(&request, "URL");
	}
}

static void test_signatures(void **state)
{
	struct fetchwire_request request = image;

	(void)state;
	request.what = FETCHWIRE_SIGNATURE;
	request.size_max = FETCHWIRE_SIGNATURE_MAX;
	assert_null(check(&request));
	request.size_max++;
	assert_refused(&request, "more than that");
	request.size_max = 1;
	strcpy(request.etag, "\"one\"");
	assert_refused(&request, "more than that");
	request.offset = 1;
	assert_refused(&request, "offset");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_signatures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
