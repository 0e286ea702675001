// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "logline.h"
#include "reply.h"
#include "text.h"
#include "unit.h"

#define URL	"http://h/snomD7C-1.6.1-r.bin"
#define PINNED_URL	"1.1.1 -> 1.6.1     https,pin     " URL

static const struct {
	const char *text;
	const char *line;
	const char *message;
} good[] = {
	{ "1795371504\t75\tdone\tprovisioned\t1-1\t0004133A\tD7C\t1.1.1\t1.6.1\t" URL
	  "\t-\thttps,pin",
	  "2026-11-22 20:18:24     1:15 done      D7C/0004133A         " PINNED_URL,
	  "" },
	{ "0\t0\tfailed\tmanual\t1-1\t-\tD8C\t-\t1.6.1\t-\tfetching: the server says 404\t-",
	  "-                       0:00 failed    D8C                  - -> 1.6.1         -             -",
	  "fetching: the server says 404" },
	{ "1\t3599\tcancelled\tmanual\t-\tS\t-\t1\t2\tu\t\tnone",
	  "1970-01-01 02:00:01    59:59 cancelled -/S                  1 -> 2             none          u",
	  "" },
	{ "253402300799\t4294967295\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\tmore",
	  "10000-01-01 01:59:59 1193046:28:15 -         -                    - -> -             -             -",
	  "" },
	{ "1\t3600\td\tm\tp\tS\tM\t1\t2\tu\t-\thttps,pin,signature",
	  "1970-01-01 02:00:01  1:00:00 d         M/S                  1 -> 2             https,pin,signature u",
	  "" },
};

static const char * const bad[] = {
	"", "nonsense", "1\t2\tdone\tmanual\t-\t-\t-\t-\t-\t-\t-",
	"x\t2\tdone\tmanual\t-\t-\t-\t-\t-\t-\t-\t-",
	"1\t\tdone\tmanual\t-\t-\t-\t-\t-\t-\t-\t-",
	"-1\t2\tdone\tmanual\t-\t-\t-\t-\t-\t-\t-\t-",
	"253402300800\t2\tdone\tmanual\t-\t-\t-\t-\t-\t-\t-\t-",
	"1\t4294967296\tdone\tmanual\t-\t-\t-\t-\t-\t-\t-\t-",
};

static void test_lines(void **state)
{
	char text[256], formatted[LOGLINE_MAX];
	struct logline line;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		strcpy(text, good[i].text);
		assert_int_equal(logline_parse(text, &line), 0);
		logline_format(&line, formatted, sizeof(formatted));
		assert_string_equal(formatted, good[i].line);
		assert_string_equal(line.message, good[i].message);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		strcpy(text, bad[i]);
		assert_int_equal(logline_parse(text, &line), -EBADMSG);
	}
}

static void test_fields(void **state)
{
	char text[] = "9\t8\tdone\tmanual\t1-1.2\tS\tD7C\t1\t2\tu\tm\tpin";
	struct logline line;

	(void)state;
	assert_int_equal(logline_parse(text, &line), 0);
	assert_int_equal(line.when, 9);
	assert_int_equal(line.seconds, 8);
	assert_string_equal(line.result, "done");
	assert_string_equal(line.origin, "manual");
	assert_string_equal(line.port, "1-1.2");
	assert_string_equal(line.serial, "S");
	assert_string_equal(line.model, "D7C");
	assert_string_equal(line.from, "1");
	assert_string_equal(line.to, "2");
	assert_string_equal(line.url, "u");
	assert_string_equal(line.message, "m");
	assert_string_equal(line.trust, "pin");
}

/* The columns are under their heads, and nothing of a long URL is lost. */
static void test_table(void **state)
{
	char text[REPLY_PACKET_MAX], url[2049];
	char head[LOGLINE_MAX], formatted[LOGLINE_MAX];
	struct logline line;

	(void)state;
	memset(url, 'u', sizeof(url) - 1);
	url[sizeof(url) - 1] = '\0';
	snprintf(text, sizeof(text), "1\t2\tR\tO\tP\tS\tM\t1\t2\t%s\t-\tT", url);
	assert_int_equal(logline_parse(text, &line), 0);
	logline_format(&line, formatted, sizeof(formatted));
	logline_head(head, sizeof(head));
	assert_string_equal(formatted + (strstr(head, "URL") - head), url);
	assert_int_equal(formatted[strstr(head, "RESULT") - head], 'R');
	assert_int_equal(formatted[strstr(head, "MODULE") - head], 'M');
	assert_int_equal(formatted[strstr(head, "VERSION") - head], '1');
	assert_int_equal(formatted[strstr(head, "TRUST") - head], 'T');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_table),
	};

	setenv("TZ", "TEST-2", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
