// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "boot.h"
#include "keyfile.h"
#include "record.h"
#include "settings.h"
#include "text.h"

#define KEY_MAX		64

static const char * const origins[] = {
	[ORIGIN_DEFAULT]		= "default",
	[ORIGIN_CONFIG]			= "config",
	[ORIGIN_SETTING_SERVER]		= "setting_server",
	[ORIGIN_FIRMWARE_STATUS]	= "firmware_status",
	[ORIGIN_USER]			= "user",
	[ORIGIN_UPDATE]			= "update",
};

const char *setting_origin_name(enum setting_origin origin)
{
	return origins[origin];
}

/* The one that need not be said: earlier files had firmware_uxm and no more. */
static enum setting_origin first_origin(enum setting_id id)
{
	return id == SETTING_FIRMWARE_UXM ? ORIGIN_UPDATE : ORIGIN_USER;
}

/* Behind the setting's name; its value has nothing there. */
#define PERMISSION	".perm"
#define BOOT		".boot"	/* of a volatile one */

static const struct record_field parts[] = {
	RECORD_NAMED(setting, origin, ".origin", origins),
	{ ".user", RECORD_NUMBER, offsetof(struct setting, by_user), sizeof(bool),
	  NULL, 0 },
};

static const struct record_type type = RECORD_TYPE(parts);

static bool take_permission(struct setting *setting, const char *value)
{
	struct permission permission;

	if (permission_parse(value, &permission))
		return false;
	setting->permission = permission;
	return true;
}

static bool take_boot(struct setting *setting, const char *value)
{
	setting->stale = !*boot_id() || strcmp(value, boot_id());
	return true;
}

static bool take_value(struct settings *settings, enum setting_id id,
		       const char *value)
{
	struct setting *setting = &settings->list[id];

	/* Earlier files said so if it was cleared. */
	if (id == SETTING_FIRMWARE_UXM && !*value)
		return true;
	setting->stored = !setting_check(id, value, setting->value);
	return setting->stored;
}

/* NAME or NAME.PART */
static bool take(void *context, const char *key, const char *value)
{
	size_t length = strcspn(key, ".");
	struct settings *settings = context;
	const char *part = key + length;
	char name[KEY_MAX];
	enum setting_id id;

	text_format(name, sizeof(name), "%.*s", (int)length, key);
	if (setting_find(name, &id))
		return false;
	if (!*part)
		return take_value(settings, id, value);
	if (!strcmp(part, PERMISSION))
		return take_permission(&settings->list[id], value);
	if (!strcmp(part, BOOT))
		return take_boot(&settings->list[id], value);
	return record_take(&type, &settings->list[id], part, value);
}

static void forget(struct settings *settings, enum setting_id id)
{
	settings->list[id] = (struct setting){ .origin = first_origin(id) };
}

static void forget_all(struct settings *settings)
{
	size_t i;

	for (i = 0; i < SETTINGS_COUNT; i++)
		forget(settings, (enum setting_id)i);
}

static void forget_stale(struct settings *settings)
{
	size_t i;

	for (i = 0; i < SETTINGS_COUNT; i++)
		if (settings->list[i].stale)
			forget(settings, (enum setting_id)i);
}

static void put(FILE *out, const struct settings *settings, enum setting_id id)
{
	const struct setting *setting = &settings->list[id];
	const struct setting unsaid = { .origin = first_origin(id) };
	const char *name = setting_name(id);
	char permission[PERMISSION_SIZE];

	if (setting->permission.is_volatile)
		fprintf(out, "%s" BOOT "=%s\n", name, boot_id());
	permission_format(&setting->permission, permission,
			  sizeof(permission));
	if (*permission)
		fprintf(out, "%s" PERMISSION "=%s\n", name, permission);
	if (!setting->stored)
		return;
	fprintf(out, "%s=%s\n", name, setting->value);
	record_put(out, &type, setting, name, &unsaid);
}

static void put_all(FILE *out, const void *context)
{
	size_t i;

	for (i = 0; i < SETTINGS_COUNT; i++)
		put(out, context, (enum setting_id)i);
}

static const struct keyfile keyfile = {
	.name = "settings",
	.first = "uxmcd-settings 1",
	.max = 65536,
	.take = take,
	.put = put_all,
};

int settings_load(struct settings *settings, int dir)
{
	int ret;

	forget_all(settings);
	ret = keyfile_load(&keyfile, dir, settings, NULL);
	if (ret)
		forget_all(settings);
	forget_stale(settings);
	return ret == -ENOENT ? 0 : ret;
}

int settings_save(const struct settings *settings, int dir)
{
	int ret = keyfile_store(&keyfile, dir, settings);

	/* That one says that a setting is read-only, not that the disk is. */
	return ret == -EPERM ? -EACCES : ret;
}

static int change_to(struct settings *settings, int dir,
		     const struct settings *changed)
{
	int ret = settings_save(changed, dir);

	if (!ret)
		*settings = *changed;
	return ret;
}

static bool is_configured(const struct settings *settings, enum setting_id id)
{
	return settings->configured[id] && *settings->configured[id];
}

const char *settings_get(const struct settings *settings, enum setting_id id)
{
	if (settings->list[id].stored)
		return settings->list[id].value;
	return is_configured(settings, id) ? settings->configured[id] :
					     setting_default(id);
}

enum setting_origin settings_origin(const struct settings *settings,
				    enum setting_id id)
{
	if (settings->list[id].stored)
		return settings->list[id].origin;
	return is_configured(settings, id) ? ORIGIN_CONFIG : ORIGIN_DEFAULT;
}

uint64_t settings_number(const struct settings *settings, enum setting_id id)
{
	uint64_t number = 0;

	text_number(settings_get(settings, id), UINT64_MAX, &number);
	return number;
}

uint64_t settings_interval(const struct settings *settings)
{
	return settings_number(settings, SETTING_FIRMWARE_INTERVAL) * 60000;
}

enum update_policy settings_policy(const struct settings *settings)
{
	return setting_policy(settings_get(settings, SETTING_UPDATE_POLICY));
}

/* @value is one for it; its normal form is kept. */
static int give(struct setting *setting, enum setting_id id, const char *value,
		enum setting_origin origin, bool by_user)
{
	int ret = setting_check(id, value, setting->value);

	if (ret)
		return ret;
	setting->stored = true;
	setting->origin = origin;
	setting->by_user = by_user;
	return 0;
}

int settings_user_set(struct settings *settings, int dir, enum setting_id id,
		      const char *value)
{
	struct settings changed = *settings;
	int ret;

	if (id == SETTING_FIRMWARE_UXM && !*value)
		return settings_user_clear(settings, dir, id);
	if (settings->list[id].permission.readonly)
		return -EPERM;
	ret = give(&changed.list[id], id, value, ORIGIN_USER, true);
	return ret ? ret : change_to(settings, dir, &changed);
}

int settings_user_clear(struct settings *settings, int dir, enum setting_id id)
{
	struct settings changed = *settings;

	if (settings->list[id].permission.readonly)
		return -EPERM;
	changed.list[id].stored = false;
	changed.list[id].by_user = false;
	return change_to(settings, dir, &changed);
}

int settings_updated(struct settings *settings, const char *url, bool by_user)
{
	return give(&settings->list[SETTING_FIRMWARE_UXM], SETTING_FIRMWARE_UXM,
		    url, ORIGIN_UPDATE, by_user);
}

static int provision_one(struct setting *setting, enum setting_id id,
			 const struct provision_entry *entry,
			 enum setting_origin origin)
{
	setting->permission = entry->permission;
	if (id == SETTING_FIRMWARE_UXM || !*entry->value)
		return 0;
	if (setting->permission.keeps_user && setting->by_user)
		return 0;
	return give(setting, id, entry->value, origin, false);
}

int settings_provision(struct settings *settings, int dir,
		       const struct provision *provision,
		       enum setting_origin origin)
{
	struct settings changed = *settings;
	const struct provision_entry *entry;
	size_t id;
	int ret;

	for (id = 0; id < SETTINGS_COUNT; id++) {
		entry = provision->list[id];
		if (!entry)
			continue;
		ret = provision_one(&changed.list[id], (enum setting_id)id,
				    entry, origin);
		if (ret)
			return ret;
	}
	return change_to(settings, dir, &changed);
}
