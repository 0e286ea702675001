// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "unit_settings.h"

const char * const by_hand[SETTINGS_COUNT] = {
	URL, "http://u/s.xml", "60", "ask_for_update", "http://u/{mac}", "7200",
	"client", "its password", "me", "mine", "on",
};

const char * const by_server[SETTINGS_COUNT] = {
	OTHER, "http://p/s.xml", "1440", "never_update", "http://p/{mac}",
	"86400", "another", "its own", "you", "yours", "off",
};

void assert_holds(const struct settings *settings, enum setting_id id,
		  const char *value, enum setting_origin origin)
{
	assert_string_equal(settings_get(settings, id), value);
	assert_int_equal(settings_origin(settings, id), origin);
}

void assert_file(int dir, const char *expected)
{
	char *text;

	assert_int_equal(file_read(dir, "settings", 65536, &text), 0);
	assert_string_equal(text, expected);
	free(text);
}

void assert_same(const struct settings *a, const struct settings *b)
{
	enum setting_id id;

	for (id = 0; id < SETTINGS_COUNT; id++) {
		const struct setting *x = &a->list[id], *y = &b->list[id];

		assert_string_equal(settings_get(a, id), settings_get(b, id));
		assert_int_equal(settings_origin(a, id), settings_origin(b, id));
		assert_int_equal(x->stored, y->stored);
		assert_int_equal(x->by_user, y->by_user);
		assert_memory_equal(&x->permission, &y->permission,
				    sizeof(x->permission));
	}
}

void assert_stored(const struct settings *settings, int dir)
{
	struct settings loaded = { 0 };

	memcpy(loaded.configured, settings->configured,
	       sizeof(loaded.configured));
	assert_int_equal(settings_load(&loaded, dir), 0);
	assert_same(settings, &loaded);
}

void assert_set(struct settings *settings, int dir, enum setting_id id)
{
	assert_int_equal(settings_user_set(settings, dir, id, by_hand[id]), 0);
	assert_holds(settings, id, by_hand[id], ORIGIN_USER);
}

int updated(struct settings *settings, int dir, const char *url, bool by_user)
{
	int ret = settings_updated(settings, url, by_user);

	return ret ? ret : settings_save(settings, dir);
}

/* In place of each boot's name there is another one. */
void boot_anew(int dir)
{
	static const char mark[] = ".boot=";
	char *text = NULL, *at;

	if (file_read(dir, "settings", 65536, &text))
		return;
	for (at = text; (at = strstr(at, mark)); at++)
		at[strlen(mark)] ^= 1;
	unit_write(dir, "settings", text);
	free(text);
}

void say(struct provision *provision, enum setting_id id, const char *value,
	 const char *permission)
{
	struct provision_entry like = { .line = 1 };

	assert_int_equal(permission_parse(permission, &like.permission), 0);
	assert_int_equal(provision_set(provision, id, &like, value), 0);
}

int provision(struct settings *settings, int dir, enum setting_id id,
	      const char *value, const char *permission)
{
	struct provision said = { 0 };
	int ret;

	say(&said, id, value, permission);
	ret = settings_provision(settings, dir, &said, ORIGIN_SETTING_SERVER);
	provision_clear(&said);
	return ret;
}
