// SPDX-License-Identifier: GPL-2.0-or-later
/* The state directory of version 1.0, tests/unit/state-1.0, is read. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "history.h"
#include "journal.h"
#include "perserial.h"
#include "settings.h"
#include "text.h"
#include "unit.h"

#define STATE	"tests/unit/state-1.0"
#define SERIAL	"0004132F 0001"

/* The tests' directory gets a copy, since what is not understood is set aside. */
static int take_copy(void **state, const char *name)
{
	int from, to = unit_dir(state);
	char *text = NULL;

	from = open(STATE, O_RDONLY | O_DIRECTORY);
	assert_true(from >= 0);
	assert_int_equal(file_read(from, name, 65536, &text), 0);
	close(from);
	assert_int_equal(file_replace(to, name, text, strlen(text)), 0);
	free(text);
	return to;
}

static void test_settings(void **state)
{
	static const struct {
		enum setting_id id;
		const char *value;
		enum setting_origin origin;
		bool by_user, readonly, keeps_user;
	} wanted[] = {
		{ SETTING_FIRMWARE_UXM, "http://pbx.example/snomD7C-1.6.1-r.bin?mac={mac}",
		  ORIGIN_UPDATE, false, false, false },
		{ SETTING_FIRMWARE_STATUS, "http://pbx.example/{mac}.xml?a=b&c=d",
		  ORIGIN_SETTING_SERVER, false, true, false },
		{ SETTING_FIRMWARE_INTERVAL, "720", ORIGIN_USER, true, false, true },
		{ SETTING_UPDATE_POLICY, "ask_for_update", ORIGIN_USER, true, false,
		  false },
		{ SETTING_SETTING_SERVER, "", ORIGIN_DEFAULT, false, false, false },
		{ SETTING_SETTINGS_REFRESH_TIMER, "86400", ORIGIN_SETTING_SERVER, false,
		  false, false },
	};
	int dir = take_copy(state, "settings");
	struct settings settings = { 0 };
	size_t i;

	assert_int_equal(settings_load(&settings, dir), 0);
	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		const struct setting *setting = &settings.list[wanted[i].id];

		assert_string_equal(settings_get(&settings, wanted[i].id),
				    wanted[i].value);
		assert_int_equal(settings_origin(&settings, wanted[i].id),
				 wanted[i].origin);
		assert_int_equal(setting->by_user, wanted[i].by_user);
		assert_int_equal(setting->permission.readonly, wanted[i].readonly);
		assert_int_equal(setting->permission.keeps_user, wanted[i].keeps_user);
	}
	assert_false(unit_exists(dir, "settings.damaged"));
}

static void test_journal(void **state)
{
	int dir = take_copy(state, "journal");
	struct journal journal;

	assert_int_equal(journal_load(&journal, dir), 0);
	assert_int_equal(journal.step, JOURNAL_FLASH);
	assert_false(journal.file);
	assert_string_equal(journal.url,
			    "http://pbx.example/snomD7C-1.6.1-r.bin?mac={mac}");
	assert_string_equal(journal.name, "snomD7C-1.6.1-r.bin");
	assert_string_equal(journal.expect, "1.6.1");
	assert_string_equal(journal.from, "1.5.3");
	assert_string_equal(journal.port, "1-1.2");
	assert_string_equal(journal.serial, SERIAL);
	assert_string_equal(journal.etag, "\"2428f03-6d\"");
	assert_string_equal(journal.modified, "Sat, 14 Nov 2026 10:00:00 GMT");
	assert_string_equal(journal.boot, "6b6b3f0e-6d0e-4a61-8d66-1d0f3f3b5d10");
	assert_int_equal(journal.size, 37916419);
	assert_int_equal(journal.announced, 1);
	assert_int_equal(journal.resumed, 2);
	assert_int_equal(journal.provisioned, 1);
	assert_string_equal(journal.sha256, "");
	assert_string_equal(journal.trust, "");
}

static struct history_entry entries[2];
static size_t count;

static void take_entry(void *context, const struct history_entry *entry)
{
	(void)context;
	assert_true(count < ARRAY_SIZE(entries));
	entries[count++] = *entry;
}

static void test_history(void **state)
{
	int dir = take_copy(state, "history");

	count = 0;
	assert_int_equal(history_read(dir, take_entry, NULL), 0);
	assert_int_equal(count, 2);
	assert_int_equal(entries[0].when, 1794650000);
	assert_int_equal(entries[0].seconds, 48);
	assert_true(entries[0].provisioned);
	assert_int_equal(entries[0].result, HISTORY_DONE);
	assert_string_equal(entries[0].serial, SERIAL);
	assert_string_equal(entries[0].from, "1.1.1");
	assert_string_equal(entries[0].to, "1.5.3");
	assert_string_equal(entries[0].message, "");
	assert_string_equal(entries[0].trust, "");
	assert_false(entries[1].provisioned);
	assert_int_equal(entries[1].result, HISTORY_FAILED);
	assert_string_equal(entries[1].url, "/tmp/snomD8C-1.6.1-r.bin");
	assert_string_equal(entries[1].message,
			    "downloading: the module refused the data (errTARGET)");
}

static void test_modules(void **state)
{
	int dir = take_copy(state, "modules");
	struct perserial perserial = { 0 };

	assert_int_equal(perserial_load(&perserial, dir), 0);
	assert_int_equal(perserial.count, 2);
	assert_string_equal(perserial_get(&perserial, SERIAL),
			    "http://pbx.example/snomD7C-1.5.3-r.bin");
	assert_string_equal(perserial_get(&perserial, ""),
			    "http://pbx.example/{mac}/snomD8C-1.6.1-r.bin");
	perserial_clear(&perserial);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, unit_make_dir, unit_remove_dir)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_settings), TEST(test_journal), TEST(test_history),
		TEST(test_modules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
