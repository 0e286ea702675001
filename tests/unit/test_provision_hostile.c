// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files that mean harm, and files that were damaged: in no more time and memory
 * than their size allows, they are refused or what they say is valid.
 */
#include <errno.h>
#include <libxml/parser.h>
#include <libxml/xmlmemory.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "provision_parse.h"
#include "text.h"
#include "unit.h"

#define SIZE		1048576
#define MEMORY_MAX	2097152		/* of the parser */
#define SECONDS_MAX	20		/* a tenth of one, but for valgrind */
#define MUTATIONS	4000		/* of each sample */

static size_t used, peak;

static void count(size_t more, size_t less)
{
	used += more;
	used -= less;
	if (used > peak)
		peak = used;
}

static void *counted_malloc(size_t size)
{
	void *memory = malloc(size);

	count(malloc_usable_size(memory), 0);
	return memory;
}

/* Both are there while one is copied to the other. */
static void *counted_realloc(void *memory, size_t size)
{
	size_t before = malloc_usable_size(memory);

	memory = realloc(memory, size);
	count(malloc_usable_size(memory), 0);
	count(0, before);
	return memory;
}

static void counted_free(void *memory)
{
	count(0, malloc_usable_size(memory));
	free(memory);
}

static char *counted_strdup(const char *text)
{
	char *copy = counted_malloc(strlen(text) + 1);

	return copy ? strcpy(copy, text) : NULL;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static const char random_bytes[] = "(random)";

/* Without its NUL. */
static size_t put(char *to, const char *text)
{
	size_t i;

	for (i = 0; text[i]; i++)
		to[i] = text[i];
	return i;
}

/* As many of @part as there is room for between the two. */
static void fill(char *data, const char *head, const char *part,
		 const char *tail)
{
	size_t end = SIZE - strlen(tail), at, i;

	memset(data, ' ', SIZE);
	put(data + end, tail);
	at = put(data, head);
	while (at + strlen(part) <= end)
		at += put(data + at, part);
	if (part != random_bytes)
		return;
	srandom(1);
	for (i = strlen(head); i < end; i++)
		data[i] = (char)(1 + random() % 255);
}

/* As many different names as there is room for. */
static void fill_names(char *data, const char *format)
{
	size_t length;
	int i;

	fill(data, "<settings>", " ", "</settings>");
	for (i = 0, length = 10; length + 512 < SIZE; i++) {
		snprintf(data + length, 512, format, i);
		length += strlen(data + length);
		data[length] = ' ';
	}
}

static void parse_hostile(const char *name, const char *data, int expected)
{
	struct provision provision = { 0 };
	double start, time;
	char error[256] = "";
	int ret;

	peak = used;
	start = seconds();
	ret = provision_parse(data, SIZE, false, &provision, error, sizeof(error));
	time = seconds() - start;
	provision_clear(&provision);
	print_message("%s: %.3f s, %zu KiB: %s\n", name, time, peak / 1024,
		      error);
	if (ret != expected)
		fail_msg("%s: %d", name, ret);
	assert_true(peak < MEMORY_MAX);
	assert_true(time < SECONDS_MAX);
}

static void test_hostile(void **state)
{
	static const struct {
		const char *name, *head, *part, *tail;
		int expected;
	} files[] = {
		{ "all &", "", "&", "", -EINVAL },
		{ "all <", "", "<", "", -EINVAL },
		{ "& in a tag", "<settings><a>", "&", "</a></settings>", 0 },
		{ "< in a tag", "<settings><a>", "<", "</a></settings>", 0 },
		{ "<a, all of it", "<settings>", "<a", "</settings>", -EINVAL },
		{ "one tag, many attributes", "<settings><a ", "b=c ",
		  "/></settings>", -EINVAL },
		{ "one long attribute", "<settings><a b='", "x",
		  "'/></settings>", -EINVAL },
		{ "one long name", "<settings><", "x", "/></settings>",
		  -EINVAL },
		{ "deep", "<settings>", "<a>", "</settings>", -EINVAL },
		{ "deep settings", "", "<settings>", "</settings>", -EINVAL },
		{ "end tags too many", "<settings>", "</a>",
		  "</settings>", -EINVAL },
		{ "many tags", "<settings>", "<a/>", "</settings>", 0 },
		{ "many mistakes", "<settings>", "<a>&#0;</a>", "</settings>",
		  -EINVAL },
		{ "many settings", "<settings>",
		  "<firmware_uxm perm=\"R\">http://h/x</firmware_uxm>",
		  "</settings>", 0 },
		{ "one value", "<settings><firmware_uxm>", "x",
		  "</firmware_uxm></settings>", 0 },
		{ "one value, blank", "<settings><firmware_uxm>x", " ",
		  "</firmware_uxm></settings>", 0 },
		{ "one value, CDATA", "<settings><firmware_uxm><![CDATA[", "<",
		  "]]></firmware_uxm></settings>", 0 },
		{ "one value, all references", "<settings><firmware_uxm>",
		  "&lt;", "</firmware_uxm></settings>", 0 },
		{ "many values, all wrong", "<settings>",
		  "<update_policy>x</update_policy>", "</settings>", 0 },
		{ "many files", "<setting-files>", "<file url='a'/>",
		  "</setting-files>", -EINVAL },
		{ "many files without URL", "<setting-files>", "<file/>",
		  "</setting-files>", 0 },
		{ "one long URL", "<setting-files><file url='", "&",
		  "'/></setting-files>", -EINVAL },
		{ "a comment", "<settings><!--", "- ", "--></settings>", 0 },
		{ "many comments", "<settings>", "<!---->", "</settings>", 0 },
		{ "CDATA", "<settings><a><![CDATA[", "]]", "]]></a></settings>",
		  0 },
		{ "an instruction", "<settings><?a ", "? ", "?></settings>",
		  0 },
		{ "text", "<settings><a>", "x", "</a></settings>", 0 },
		{ "ends of lines", "<settings>", "\r\n", "</settings>", 0 },
		{ "blanks before the start", "", "\n", "<settings/>", -EINVAL },
		{ "blanks after the end", "<settings/>", " ", "", 0 },
		{ "more after the end", "<settings><a></b></settings>", " ",
		  "x", -EINVAL },
		{ "a tag cut off after the end", "<settings/>", " ", "<a",
		  -EINVAL },
		{ "ISO-8859-1", "<settings><a>", "\xe4", "</a></settings>", 0 },
		{ "UTF-16", "\xff\xfe", "<\001\x20", "", -EINVAL },
		{ "prefixes", "<settings>", "<a:b/>", "</settings>", -EINVAL },
		{ "a billion laughs",
		  "<!DOCTYPE settings [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">\n"
		  "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">]>\n"
		  "<settings><firmware_uxm>", "&d;",
		  "</firmware_uxm></settings>", -EINVAL },
		{ "quadratic",
		  "<!DOCTYPE settings [<!ENTITY a \"", "aaaaaaaaaa",
		  "\">]><settings><firmware_uxm>&a;&a;&a;&a;&a;&a;</firmware_uxm></settings>",
		  -EINVAL },
		{ "a DOCTYPE", "<!DOCTYPE settings PUBLIC '", "x",
		  "'><settings/>", 0 },
		{ "binary rubbish", "", random_bytes, "", -EINVAL },
		{ "binary rubbish in a tag", "<settings><a>", random_bytes,
		  "</a></settings>", -EINVAL },
	};
	char *data = malloc(SIZE);
	size_t i;

	(void)state;
	assert_non_null(data);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		fill(data, files[i].head, files[i].part, files[i].tail);
		parse_hostile(files[i].name, data, files[i].expected);
	}
	fill_names(data, "<a%x/>");
	parse_hostile("names", data, -EINVAL);
	fill_names(data, "<a%0250x/>");
	parse_hostile("long names", data, -EINVAL);
	fill_names(data, "<a b%x=c/>");
	parse_hostile("names of attributes", data, -EINVAL);
	fill_names(data, "<a%x:b/>");
	parse_hostile("names of prefixes", data, -EINVAL);
	fill_names(data, "<a xmlns='%x'/>");
	parse_hostile("namespaces", data, -EINVAL);
	free(data);
}

/* Whatever of it was parsed, what is said to be there is fine. */
static void check_valid(const struct provision *provision)
{
	char normal[URL_MAX + 1];
	size_t i;

	for (i = 0; i < SETTINGS_COUNT; i++) {
		const struct provision_entry *entry = provision->list[i];

		if (!entry)
			continue;
		assert_true(entry->line > 0);
		assert_true(*entry->value && text_is_clean(entry->value));
		if (i == SETTING_FIRMWARE_UXM)
			continue;
		assert_int_equal(setting_check((enum setting_id)i, entry->value,
					       normal), 0);
		assert_string_equal(entry->value, normal);
	}
}

/* As much memory as it needs, so that valgrind sees what reads past its end. */
static int parse_exactly(const char *data, size_t size,
			 struct provision *provision, char *error,
			 size_t error_size)
{
	char *copy = malloc(size + !size);
	int ret;

	assert_non_null(copy);
	memcpy(copy, data, size);
	ret = provision_parse(copy, size, size & 1, provision, error, error_size);
	free(copy);
	return ret;
}

static void parse_mutation(const char *data, size_t size)
{
	struct provision provision = { 0 };
	char error[256] = "";
	int ret;

	ret = parse_exactly(data, size, &provision, error, sizeof(error));
	if (!ret) {
		check_valid(&provision);
		provision_clear(&provision);
		return;
	}
	assert_int_equal(ret, -EINVAL);
	if (strncmp(error, "line ", 5) || !text_is_clean(error))
		fail_msg("%s", error);
}

static size_t below(size_t limit)
{
	return (size_t)random() % limit;
}

static size_t insert(char *data, size_t size)
{
	static const char * const parts[] = {
		"<", ">", "&", "\"", "'", "/", "=", " ", "\n", "<!--", "-->",
		"<![CDATA[", "]]>", "<?", "?>", "<!DOCTYPE", "[", "]", "</",
		"/>", "&#", "&#0;", "&lt;", "<firmware_uxm>", "</firmware_uxm>",
		"<settings>", "</settings>", "<update_policy>", " perm=",
		"<firmware-settings", "\xff", "\xc3\xa4", "\xef\xbb\xbf",
	};
	const char *part = parts[below(ARRAY_SIZE(parts))];
	size_t at = below(size + 1);

	memmove(data + at + strlen(part), data + at, size - at);
	return size + put(data + at, part);
}

static size_t cut(char *data, size_t size)
{
	size_t at = below(size), count = 1 + below(8);

	if (count > size - at || !below(16))
		return at;
	memmove(data + at, data + at + count, size - at - count);
	return size - count;
}

static size_t mutate(char *data, size_t size)
{
	if (!size || !below(3))
		return insert(data, size);
	if (!below(2))
		return cut(data, size);
	if (below(2))
		data[below(size)] = (char)random();
	else
		data[below(size)] = data[below(size)];
	return size;
}

static void test_mutations(void **state)
{
	static const char * const samples[] = {
		"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<settings>\n"
		"<phone-settings e=\"2\">\n<language perm=\"\">Deutsch</language>\n"
		"<firmware_uxm perm=\"R\">http://h/snomD7C-1.6.1-r.bin?a=b&c</firmware_uxm>\n"
		"<update_policy perm=\"!\">ask_for_update</update_policy>\n"
		"<firmware_interval>1440</firmware_interval></phone-settings>\n"
		"<functionKeys e=2><fkey idx=0 label='M\xc3\xbcller'/></functionKeys>\n"
		"</settings>\n",
		"\xef\xbb\xbf<!-- x --><firmware-settings>\n"
		"<firmware>http://h/snomD785-SIP-r.bin</firmware>\n"
		"<firmware_uxm> <![CDATA[http://h/x?a&b]]> </firmware_uxm>\n"
		"<setting_server perm=V>http://h/{mac}.xml</setting_server>\n"
		"<settings_refresh_timer perm='&'>60</settings_refresh_timer>\n"
		"</firmware-settings>",
		"<!DOCTYPE settings SYSTEM 'x'><settings><a:b c><d/></a:b>\n"
		"<firmware_status>http://h/&amp;&#65;</firmware_status>M\xfcller\n"
		"<firmware_uxm>1</firmware_uxm><firmware_uxm></firmware_uxm></settings>",
	};
	char data[2048];
	size_t i, j, size, more;

	(void)state;
	srandom(1);
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		for (j = 0; j < MUTATIONS; j++) {
			size = strlen(samples[i]);
			memcpy(data, samples[i], size);
			for (more = 1 + below(8); more; more--)
				size = mutate(data, size);
			parse_mutation(data, size);
		}
	}
}

/* Of a good file, nothing less than the whole of it is taken. */
static void test_every_cut(void **state)
{
	static const char text[] =
		"<?xml version='1.0'?><!-- x --><settings e=2><firmware_uxm perm=R>\n"
		"<![CDATA[http://h/x?a&b]]>&amp;&lt;&#x41;&#65;</firmware_uxm>\n"
		"<a b='&apos;' c=&quot; d/></settings>";
	struct provision provision = { 0 };
	char error[256];
	size_t size;

	(void)state;
	for (size = 0; size < strlen(text); size++)
		assert_int_equal(parse_exactly(text, size, &provision, error,
					       sizeof(error)), -EINVAL);
	assert_int_equal(parse_exactly(text, size, &provision, error,
				       sizeof(error)), 0);
	provision_clear(&provision);
}

/* The parser's memory all comes back, but for the last error that it keeps. */
static void test_nothing_is_lost(void **state)
{
	size_t before;

	(void)state;
	xmlInitParser();
	xmlResetLastError();
	before = used;
	parse_mutation("<settings><a b=c></d><firmware_uxm>x", 36);
	parse_mutation("<settings><a b=c></d></settings>", 32);
	xmlResetLastError();
	assert_int_equal(used, before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_mutations),
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_nothing_is_lost),
	};

	xmlMemSetup(counted_free, counted_malloc, counted_realloc,
		    counted_strdup);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
