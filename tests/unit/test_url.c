// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imagename.h"
#include "text.h"
#include "url.h"
#include "unit.h"

/* http://h/aaa..., of so many characters */
static char *long_url(size_t length)
{
	char *url = malloc(length + 1);

	assert_non_null(url);
	memset(url, 'a', length);
	memcpy(url, "http://h/", 9);
	url[length] = '\0';
	return url;
}

static void test_check(void **state)
{
	static const struct {
		const char *url;
		int ret;
	} cases[] = {
		{ "http://h/snomD7C-1.6.1-r.bin", 0 },
		{ "https://h/x", 0 },
		{ "HTTP://h/x", 0 },
		{ "http://h:8080/x?y=z#f", 0 },
		{ "http://user:pw@h/x", 0 },
		{ "http://[::1]:80/x", 0 },
		{ "http://h", 0 },
		{ "", -EPROTONOSUPPORT },
		{ "h/x", -EPROTONOSUPPORT },
		{ "/x", -EPROTONOSUPPORT },
		{ "ftp://h/x", -EPROTONOSUPPORT },
		{ "file:///x", -EPROTONOSUPPORT },
		{ "http:/h/x", -EPROTONOSUPPORT },
		{ "httpx://h/x", -EPROTONOSUPPORT },
		{ " http://h/x", -EPROTONOSUPPORT },
		{ "http://", -EINVAL },
		{ "http:///x", -EINVAL },
		{ "http://:80/x", -EINVAL },
		{ "http://user@/x", -EINVAL },
		{ "http://[::1/x", -EINVAL },
		{ "http://h/a b", -EINVAL },
		{ "http://h/a\nb", -EINVAL },
		{ "http://h/a\x7f", -EINVAL },
		{ "http://h/\xc3\xa4", -EINVAL },
		{ "http://h\\x", -EINVAL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		if (url_check(cases[i].url) != cases[i].ret)
			fail_msg("%s: %d", cases[i].url,
				 url_check(cases[i].url));
}

static void test_length(void **state)
{
	char *fits = long_url(URL_MAX), *over = long_url(URL_MAX + 1);
	char *far_over = long_url(5000);

	(void)state;
	assert_int_equal(url_check(fits), 0);
	assert_int_equal(url_check(over), -ENAMETOOLONG);
	assert_int_equal(url_check(far_over), -ENAMETOOLONG);
	free(fits);
	free(over);
	free(far_over);
}

static void test_expand(void **state)
{
	char to[URL_MAX + 1] = "untouched";

	(void)state;
	assert_int_equal(url_expand("http://h/{mac}.bin", "", to, sizeof(to)),
			 -ENOKEY);
	assert_string_equal(to, "untouched");
	assert_int_equal(url_expand("http://h/x", "", to, sizeof(to)), 0);
	assert_string_equal(to, "http://h/x");
	assert_int_equal(url_expand("http://{mac}/a/{mac}?m={mac}",
				    "000413922D24", to, sizeof(to)), 0);
	assert_string_equal(to,
			    "http://000413922D24/a/000413922D24?m=000413922D24");
	assert_int_equal(url_expand("http://h/{MAC}{ma", "0", to, sizeof(to)),
			 0);
	assert_string_equal(to, "http://h/{MAC}{ma");
}

static void test_expand_length(void **state)
{
	char *url = long_url(URL_MAX), to[URL_MAX + 1] = "untouched";

	(void)state;
	strcpy(url + URL_MAX - 5, "{mac}");
	assert_int_equal(url_expand(url, "000413922D24", to, sizeof(to)),
			 -ENAMETOOLONG);
	assert_string_equal(to, "untouched");
	assert_int_equal(url_expand(url, "00041", to, sizeof(to)), 0);
	assert_int_equal(strlen(to), URL_MAX);
	assert_int_equal(url_expand(url, "00041", to, URL_MAX), -ENAMETOOLONG);
	free(url);
}

static void test_name(void **state)
{
	static const struct {
		const char *url;
		const char *name;	/* NULL: refused */
	} cases[] = {
		{ "http://h/snomD7C-1.6.1-r.bin", "snomD7C-1.6.1-r.bin" },
		{ "http://h/a/b/x.bin?mac=1/2", "x.bin" },
		{ "http://h/x.bin#/y.bin", "x.bin" },
		{ "http://h/x.bin?a=b#c", "x.bin" },
		{ "http://h/a/../x.bin", "x.bin" },
		{ "http://h", NULL },
		{ "http://h/", NULL },
		{ "http://h/a/", NULL },
		{ "http://h?x.bin", NULL },
		{ "http://h?a/x.bin", NULL },
		{ "http://h#/x.bin", NULL },
		{ "http://h/..", NULL },
		{ "http://h/.", NULL },
		{ "http://h/.hidden", NULL },
		{ "http://h/..%2fx.bin", NULL },
		{ "http://h/..%2Fx.bin", NULL },
		{ "http://h/x%00.bin", NULL },
		{ "http://h/%78.bin", NULL },
		{ "http://h/a\\x.bin", NULL },
	};
	char name[IMAGENAME_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		int ret = url_name(cases[i].url, name, sizeof(name));

		if (ret != 0 && ret != -EINVAL)
			fail_msg("%s: %d", cases[i].url, ret);
		if (!ret != !!cases[i].name)
			fail_msg("%s: %d", cases[i].url, ret);
		if (cases[i].name)
			assert_string_equal(name, cases[i].name);
	}
}

static void test_name_length(void **state)
{
	char *url = long_url(300), name[IMAGENAME_MAX + 1];

	(void)state;
	assert_int_equal(url_name(url, name, sizeof(name)), -ENAMETOOLONG);
	url[9 + IMAGENAME_MAX] = '\0';
	assert_int_equal(url_name(url, name, sizeof(name)), 0);
	free(url);
}

static void test_host(void **state)
{
	char host[URL_HOST_MAX + 1];

	(void)state;
	assert_int_equal(url_host("http://h.example:80/x@y", host,
				  sizeof(host)), 0);
	assert_string_equal(host, "h.example");
	assert_int_equal(url_host("https://u:p@w@h?x", host, sizeof(host)), 0);
	assert_string_equal(host, "h");
	assert_int_equal(url_host("http://[2001:db8::1]:80/", host,
				  sizeof(host)), 0);
	assert_string_equal(host, "[2001:db8::1]");
	assert_int_equal(url_host("ftp://h/", host, sizeof(host)),
			 -EPROTONOSUPPORT);
}

static void test_directory(void **state)
{
	static const struct {
		const char *url;
		const char *file;	/* "" if it is none */
	} cases[] = {
		{ "http://h/", "http://h/a.htm" },
		{ "http://h", "http://h/a.htm" },
		{ "https://h:8667/b/", "https://h:8667/b/a.htm" },
		{ "http://u:p@h", "http://u:p@h/a.htm" },
		{ "http://h?c=d/", "http://h/a.htm?c=d/" },
		{ "http://h/b/?c={mac}", "http://h/b/a.htm?c={mac}" },
		{ "http://h/#c", "http://h/a.htm#c" },
		{ "http://h/b", "" },
		{ "http://h/b?c=/", "" },
		{ "http://h/b#/", "" },
		{ "ftp://h/", "" },
	};
	char file[URL_MAX + 1];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		bool is = url_is_directory(cases[i].url);

		assert_int_equal(is, !!*cases[i].file);
		if (!is)
			continue;
		assert_int_equal(url_in_directory(cases[i].url, "a.htm", file,
						  sizeof(file)), 0);
		assert_string_equal(file, cases[i].file);
	}
	assert_int_equal(url_in_directory("http://h/", "abc", file, 12), -ENAMETOOLONG);
	assert_int_equal(url_in_directory("http://h/", "abc", file, 13), 0);
}

static void test_same_server(void **state)
{
	(void)state;
	assert_true(url_is_same_server("http://h/a", "HTTP://H/b/c?d"));
	assert_true(url_is_same_server("http://h", "http://h/"));
	assert_true(url_is_same_server("http://u:p@h:81?a", "http://u:p@h:81/"));
	assert_false(url_is_same_server("http://h/", "https://h/"));
	assert_false(url_is_same_server("http://h/", "http://h:81/"));
	assert_false(url_is_same_server("http://h/", "http://hh/"));
	assert_false(url_is_same_server("http://h/", "http://u@h/"));
	assert_false(url_is_same_server("h/", "h/"));
}

static void test_show(void **state)
{
	static const struct {
		const char *url;
		const char *shown;
	} cases[] = {
		{ "http://h/a?b", "http://h/a?b" },
		{ "http://u:p@h/a", "http://***@h/a" },
		{ "https://u@h:81", "https://***@h:81" },
		{ "http://u:p@p@h/a@b", "http://***@h/a@b" },
		{ "http://h/a@b", "http://h/a@b" },
		{ "u:p@h/a", "***@h/a" },
		{ "ftp://u:p@h", "***@h" },
		{ "rubbish", "rubbish" },
		{ "", "" },
	};
	char shown[64];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		url_show(cases[i].url, shown, sizeof(shown));
		assert_string_equal(shown, cases[i].shown);
	}
	url_show("http://u:p@host/", shown, 12);
	assert_string_equal(shown, "http://***@");
}

/* The same as the driver has it, but that a URL ends with a blank. */
static void test_hide(void **state)
{
	static const struct {
		const char *text;
		const char *hidden;
	} cases[] = {
		{ "", "" },
		{ "http://h/a@b.bin?mail=c@d#e@f", "http://h/a@b.bin?mail=c@d#e@f" },
		{ "http://h:8080/a@b", "http://h:8080/a@b" },
		{ "http://[fe80::1]:8080/a@b", "http://[fe80::1]:8080/a@b" },
		{ "http://[fe80::1]/a@b", "http://[fe80::1]/a@b" },
		{ "http://u:p@h/", "http://***@h/" },
		{ "https://secret@h/", "https://***@h/" },
		{ "http://u@v:p@h:80", "http://***@h:80" },
		{ "http://u:p@h?b@c", "http://***@h?b@c" },
		{ "http://:p@h/", "http://**@h/" },
		{ "http://@h/", "http://@h/" },
		{ "it is http://u:it's@h/, or ftp://u:p@g: no",
		  "it is http://***@h/, or ftp://***@g: no" },
		{ "http://h/?via=http://u:p@b/", "http://h/?via=http://***@b/" },
		{ "http://u:p@b/http://u:p@b/http://u:p@",
		  "http://***@b/http://***@b/http://***@" },
		{ "http://u:p/p@h/x", "http://***@h/x" },
		{ "http://u:p?p#p@h/x y@z", "http://***@h/x y@z" },
		{ "http://h: mail to a@b", "http://h: mail to a@b" },
		{ "http://u:p:80/p@h/x", "http://***@h/x" },
		{ "http://u:p]/p@h/x", "http://***@h/x" },
		{ "http://[u:p]p]/p@h/x", "http://***@h/x" },
		{ "socks5h://u:p@h:1080\thttp://v:q@g",
		  "socks5h://***@h:1080\thttp://***@g" },
		{ "://", "://" },
	};
	char text[128];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		strcpy(text, cases[i].text);
		url_hide_in_text(text);
		assert_string_equal(text, cases[i].hidden);
	}
}

static void format_hidden(char *to, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	url_format_hidden(to, size, format, args);
	va_end(args);
}

/* What is left of a URL that was cut has no "@" by which a password is known. */
static void test_hide_before_it_is_cut(void **state)
{
	char text[32];

	(void)state;
	format_hidden(text, sizeof(text), "not there: %s", "http://user:secret@host/x");
	assert_string_equal(text, "not there: http://***@host/x");
	format_hidden(text, sizeof(text), "it is not there: %s", "http://u:secret@host/x");
	assert_string_equal(text, "it is not there: http://***@hos");
}

static void test_server(void **state)
{
	char server[URL_SERVER_MAX + 1];

	(void)state;
	assert_int_equal(url_server("http://u:p@H.example/x:1", server, sizeof(server)), 0);
	assert_string_equal(server, "http://h.example:80");
	assert_int_equal(url_server("HTTPS://h?x", server, sizeof(server)), 0);
	assert_string_equal(server, "https://h:443");
	assert_int_equal(url_server("http://[2001:DB8::1]:8080/", server,
				    sizeof(server)), 0);
	assert_string_equal(server, "http://[2001:db8::1]:8080");
	assert_int_equal(url_server("http://h:/", server, sizeof(server)), 0);
	assert_string_equal(server, "http://h:80");
	assert_int_equal(url_server("http://host/", server, 14), -ENAMETOOLONG);
	assert_int_equal(url_server("host", server, sizeof(server)),
			 -EPROTONOSUPPORT);
}

static void test_parts(void **state)
{
	(void)state;
	assert_true(url_is_secure("https://h/"));
	assert_true(url_is_secure("HTTPS://h/"));
	assert_false(url_is_secure("http://h/https://"));
	assert_true(url_has_login("http://u:p@h/"));
	assert_true(url_has_login("https://@h"));
	assert_false(url_has_login("http://h/a@b?c@d"));
	assert_false(url_has_login("http://h?u@h/"));
	assert_false(url_has_login("h@h"));
}

static void test_proxy(void **state)
{
	static const char * const good[] = {
		"http://proxy:3128", "http://proxy:3128/", "http://[::1]:3128",
		"socks5h://127.0.0.1", "http://u:p@proxy:3128",
		"socks5h://u:p@proxy:1080/",
	};
	static const char * const bad[] = {
		"", "proxy:3128", "https://proxy", "socks5://proxy", "socks4a://proxy",
		"http://", "http://:3128", "http://proxy/path", "http://proxy?x",
		"http://proxy/#x", "http://a b/", "http:proxy", "HTTP://proxy",
	};
	char *url = long_url(URL_MAX + 1);
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++)
		if (url_check_proxy(good[i]))
			fail_msg("%s was refused", good[i]);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (!url_check_proxy(bad[i]))
			fail_msg("%s was taken", bad[i]);
	assert_true(url_check_proxy(url) < 0);
	free(url);
}

static void test_add_suffix(void **state)
{
	static const char * const urls[][2] = {
		{ "http://h/x.bin", "http://h/x.bin.sig" },
		{ "http://h/x.bin?mac=1&a=/b", "http://h/x.bin.sig?mac=1&a=/b" },
		{ "https://u:p@h:8080/d/x.bin#f?g", "https://u:p@h:8080/d/x.bin.sig#f?g" },
		{ "http://h/x.bin?", "http://h/x.bin.sig?" },
		{ "http://h/x.bin?a?b#c", "http://h/x.bin.sig?a?b#c" },
	};
	char longest[URL_MAX + 1] = "http://h/", to[URL_MAX + 1], small[10];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(urls); i++) {
		assert_int_equal(url_add_suffix(urls[i][0], ".sig", to, sizeof(to)), 0);
		assert_string_equal(to, urls[i][1]);
	}
	memset(longest + 9, 'x', URL_MAX - 9 - 4);
	assert_int_equal(url_add_suffix(longest, ".sig", to, sizeof(to)), 0);
	assert_int_equal(strlen(to), URL_MAX);
	strcat(longest, "x");
	assert_int_equal(url_add_suffix(longest, ".sig", to, sizeof(to)), -ENAMETOOLONG);
	assert_int_equal(url_add_suffix("http://h/x", ".sig", small, sizeof(small)),
			 -ENAMETOOLONG);
}

static void test_imagename(void **state)
{
	struct imagename name;

	(void)state;
	assert_int_equal(imagename_parse("snomD7C-1.6.1-r.bin", &name), 0);
	assert_string_equal(name.model, "D7C");
	assert_string_equal(name.version, "1.6.1");
	assert_int_equal(imagename_parse("snomD8C-10.20-r.bin", &name), 0);
	assert_string_equal(name.model, "D8C");
	assert_string_equal(name.version, "10.20");
}

static void test_imagename_form(void **state)
{
	static const char * const names[] = {
		"", "snom", "snomD7C-", "snomD7C-1.6.1", "snomD7C-1.6.1.bin",
		"snomD7C--r.bin", "snomD7C-r.bin", "snomD7C-1.6.1-r.bin ",
		"snomD7C-1.6.1-r.binx", "snomD7C-1.6.1-r.BIN",
		"snomd7c-1.6.1-r.bin", "snomD9C-1.6.1-r.bin",
		"snomD7-1.6.1-r.bin", "SnomD7C-1.6.1-r.bin",
		"snomD7C-1.6.x-r.bin", "snomD7C-1..6-r.bin",
		"snomD7C-1.6.1-SIP-r.bin", "xsnomD7C-1.6.1-r.bin",
		"snomD7C-../../1-r.bin", "snomD785-1.6.1-r.bin",
		"snomD7C-1.1.1.1.1.1.1.1.1-r.bin",
		"snomD7C-4000000000.4000000000.4000000000.4000000000-r.bin",
	};
	struct imagename name = { .model = "same" };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (imagename_parse(names[i], &name) != -EINVAL)
			fail_msg("%s was taken", names[i]);
	assert_string_equal(name.model, "same");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_expand),
		cmocka_unit_test(test_add_suffix),
		cmocka_unit_test(test_expand_length),
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_name_length),
		cmocka_unit_test(test_host),
		cmocka_unit_test(test_directory),
		cmocka_unit_test(test_same_server),
		cmocka_unit_test(test_show),
		cmocka_unit_test(test_hide),
		cmocka_unit_test(test_hide_before_it_is_cut),
		cmocka_unit_test(test_server),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_proxy),
		cmocka_unit_test(test_imagename),
		cmocka_unit_test(test_imagename_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
