// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "fetchwire.h"
#include "unit.h"

static struct fetchwire_request make_request(void)
{
	return (struct fetchwire_request){
		.version = FETCHWIRE_VERSION,
		.what = FETCHWIRE_IMAGE,
		.size_max = 1000,
		.connect_timeout = 1000,
		.stall_timeout = 1000,
		.url = "http://server/a.bin",
		.user_agent = "Phone/1.0",
	};
}

static const char *check(const struct fetchwire_request *request)
{
	return fetchwire_check_request(request, sizeof(*request));
}

static void assert_wrong(const struct fetchwire_request *request,
			 const char *wanted)
{
	const char *sentence = check(request);

	assert_non_null(sentence);
	if (!strstr(sentence, wanted))
		fail_msg("\"%s\" does not say \"%s\"", sentence, wanted);
}

static void test_good(void **state)
{
	struct fetchwire_request request = make_request();

	(void)state;
	assert_null(check(&request));
	request.offset = 999;
	strcpy(request.modified, "Sun, 06 Nov 1994 08:49:37 GMT");
	strcpy(request.ca_file, "/etc/ca.pem");
	assert_null(check(&request));
	strcpy(request.etag, "\"one\"");
	assert_null(check(&request));
	request = make_request();
	request.what = FETCHWIRE_SETTINGS;
	strcpy(request.etag, "W/\"one\"");
	*request.user_agent = '\0';
	assert_null(check(&request));
}

static void test_lengths(void **state)
{
	struct fetchwire_request request = make_request();

	(void)state;
	assert_string_equal(fetchwire_check_request(&request, 0),
			    "the request is too short");
	assert_string_equal(fetchwire_check_request(&request, 3),
			    "the request is too short");
	assert_non_null(fetchwire_check_request(&request, 4));
	assert_non_null(fetchwire_check_request(&request, sizeof(request) - 1));
	assert_non_null(fetchwire_check_request(&request, sizeof(request) + 1));
	request.version++;
	assert_wrong(&request, "another version");
	/* whatever length that has */
	assert_string_equal(fetchwire_check_request(&request, 4), check(&request));
}

static void test_numbers(void **state)
{
	struct fetchwire_request request = make_request();

	(void)state;
	request.what = 0;
	assert_wrong(&request, "neither");
	request.what = FETCHWIRE_SETTINGS + 1;
	assert_wrong(&request, "neither");
	request = make_request();
	request.size_max = 0;
	assert_wrong(&request, "size limit");
	request.size_max = FETCHWIRE_SIZE_MAX + 1;
	assert_wrong(&request, "size limit");
	request = make_request();
	request.connect_timeout = 0;
	assert_wrong(&request, "timeout");
	request = make_request();
	request.stall_timeout = FETCHWIRE_TIMEOUT_MAX + 1;
	assert_wrong(&request, "timeout");
}

static void test_offsets(void **state)
{
	struct fetchwire_request request = make_request();

	(void)state;
	request.offset = 1;
	assert_wrong(&request, "offset");
	strcpy(request.etag, "W/\"one\"");
	assert_wrong(&request, "offset");
	strcpy(request.etag, "\"one\"");
	assert_null(check(&request));
	request.offset = request.size_max;
	assert_wrong(&request, "offset");
	request.offset = 1;
	request.what = FETCHWIRE_SETTINGS;
	assert_wrong(&request, "offset");
}

static void test_texts(void **state)
{
	struct fetchwire_request request = make_request();

	(void)state;
	memset(request.url + 10, 'x', sizeof(request.url) - 10);
	assert_wrong(&request, "without an end");
	request = make_request();
	memset(request.ca_file, '/', sizeof(request.ca_file));
	assert_wrong(&request, "without an end");
	request = make_request();
	memset(request.user_agent, 'x', sizeof(request.user_agent));
	assert_wrong(&request, "without an end");
	/* would be a header of its own */
	request = make_request();
	strcpy(request.user_agent, "Phone\r\nHost: other");
	assert_wrong(&request, "control characters");
	request = make_request();
	strcpy(request.modified, "now\n");
	assert_wrong(&request, "control characters");
	request = make_request();
	strcpy(request.etag, "one");
	assert_wrong(&request, "quotes");
	request = make_request();
	strcpy(request.ca_file, "ca.pem");
	assert_wrong(&request, "absolute path");
}

static void test_urls(void **state)
{
	static const char * const urls[] = {
		"", "server", "ftp://server/a", "file:///etc/passwd", "http://",
		"http://server/a b", "http:///a",
	};
	struct fetchwire_request request = make_request();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
		strcpy(request.url, urls[i]);
		assert_wrong(&request, "URL");
	}
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
