// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "credentials.h"
#include "text.h"
#include "unit.h"

/* Is who may know what is meant for @from the server of @to, too? */
static const struct {
	const char *from;
	const char *to;
	bool fit;
} cases[] = {
	{ "http://pbx/a", "http://pbx/b", true },
	{ "http://pbx/a", "http://PBX:80/b", true },
	{ "https://pbx/a", "https://pbx:443/b", true },
	{ "http://pbx:8080/a", "http://pbx:8080/b", true },
	{ "http://[::1]/a", "http://[::1]:80/", true },
	/* It has its client go on by https, where both are at their usual port. */
	{ "http://pbx/a", "https://pbx/a", true },
	{ "http://pbx:80/a", "https://pbx:443/a", true },
	{ "http://pbx:8080/a", "https://pbx:8443/a", false },
	{ "http://pbx/a", "https://pbx:8443/a", false },
	{ "http://pbx:443/a", "https://pbx:443/a", false },
	/* Never the other way */
	{ "https://pbx/a", "http://pbx/a", false },
	{ "https://pbx:8443/a", "http://pbx:8443/a", false },
	/* Another host, another port */
	{ "http://pbx/a", "http://pbx.evil/a", false },
	{ "http://pbx/a", "http://evil.pbx/a", false },
	{ "http://pbx/a", "http://pbx@evil/a", false },
	{ "http://pbx/a", "http://evil/pbx", false },
	{ "http://pbx/a", "http://pbx:81/a", false },
	{ "https://pbx/a", "https://pbx:80/a", false },
	{ "http://[::1]/a", "http://[::2]/a", false },
	{ "http://pbx/a", "rubbish", false },
};

static void request_for(struct fetchwire_request *request, const char *url,
			const char *user, const char *password)
{
	memset(request, 0, sizeof(*request));
	strcpy(request->url, url);
	strcpy(request->user, user);
	strcpy(request->password, password);
}

static void test_who_may_know(void **state)
{
	struct fetchwire_request request;
	struct credentials credentials;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		request_for(&request, cases[i].from, "phone", "secret");
		credentials_take(&credentials, &request);
		if (credentials_fit(&credentials, cases[i].to) != cases[i].fit)
			fail_msg("case %zu, %s", i, cases[i].to);
		/* There is nothing to know. */
		request_for(&request, cases[i].from, "", "");
		credentials_take(&credentials, &request);
		assert_false(credentials_fit(&credentials, cases[i].to));
	}
}

static void test_of_the_url(void **state)
{
	static const struct {
		const char *url;
		const char *user;
		const char *password;
	} urls[] = {
		{ "http://pbx/", "beside", "it" },
		{ "http://me:secret@pbx/", "me", "secret" },
		{ "http://me%40home:a%3Ab%2F@pbx/", "me@home", "a:b/" },
		{ "http://me@pbx/", "me", "" },
		{ "http://:secret@pbx/", "", "secret" },
		/* One that says nothing, but says it */
		{ "http://@pbx/", "", "" },
		{ "http://:@pbx/", "", "" },
	};
	struct fetchwire_request request;
	struct credentials credentials;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(urls); i++) {
		request_for(&request, urls[i].url, "beside", "it");
		memset(&credentials, 'x', sizeof(credentials));
		credentials_take(&credentials, &request);
		assert_string_equal(credentials.user, urls[i].user);
		assert_string_equal(credentials.password, urls[i].password);
		assert_int_equal(credentials.there,
				 *urls[i].user || *urls[i].password);
	}
}

/* One that is too long is not cut off, and none takes its place. */
static void test_too_long(void **state)
{
	struct fetchwire_request request;
	struct credentials credentials;
	char url[URL_MAX + 1];

	(void)state;
	text_format(url, sizeof(url), "http://%0*d:secret@pbx/",
		    FETCHWIRE_LOGIN_SIZE, 0);
	request_for(&request, url, "beside", "it");
	credentials_take(&credentials, &request);
	assert_false(credentials.there);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_may_know),
		cmocka_unit_test(test_of_the_url),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
