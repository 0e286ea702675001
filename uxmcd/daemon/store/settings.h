/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The settings: what holds, who gave it, who may change it. Volatile ones are stored
 * for this boot alone. firmware_uxm is the URL of the last update that went well.
 */
#ifndef UXMC_SETTINGS_H
#define UXMC_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "permission.h"
#include "provision.h"
#include "setting.h"
#include "url.h"

/* Where a value comes from. */
enum setting_origin {
	ORIGIN_DEFAULT,
	ORIGIN_CONFIG,
	ORIGIN_SETTING_SERVER,
	ORIGIN_FIRMWARE_STATUS,
	ORIGIN_USER,
	ORIGIN_UPDATE
};

/**
 * struct setting - one setting
 * @value: if one is stored
 * @stored: else uxmcd.conf's holds, or the default
 * @by_user: the user gave it its present value
 * @origin: of the stored value
 * @permission: who may change it
 * @stale: it was volatile, and is of another boot
 */
struct setting {
	char value[URL_MAX + 1];
	bool stored;
	bool by_user;
	enum setting_origin origin;
	struct permission permission;
	bool stale;
};

/**
 * struct settings - all of them
 * @list: by enum setting_id
 * @configured: values from uxmcd.conf in their normal form; NULL or empty: none
 */
struct settings {
	struct setting list[SETTINGS_COUNT];
	const char *configured[SETTINGS_COUNT];
};

const char *setting_origin_name(enum setting_origin origin);

/*
 * Reads @list. 0 too if nothing is stored yet. -EINVAL if the file is damaged: it
 * has been set aside then as settings.damaged, and nothing is stored.
 */
int settings_load(struct settings *settings, int dir);

/* The value that holds. */
const char *settings_get(const struct settings *settings, enum setting_id id);
enum setting_origin settings_origin(const struct settings *settings,
				    enum setting_id id);
uint64_t settings_number(const struct settings *settings, enum setting_id id);

/* firmware_interval in milliseconds. */
uint64_t settings_interval(const struct settings *settings);

enum update_policy settings_policy(const struct settings *settings);

/*
 * A person sets or clears it. Cleared, it is what it would be if nobody had ever
 * set it; its permission stays. An empty firmware_uxm is a cleared one.
 * -EPERM: it is read-only; -EINVAL, -ERANGE, -E2BIG as setting_check(). What else:
 * not stored. Nothing has changed then.
 */
int settings_user_set(struct settings *settings, int dir, enum setting_id id,
		      const char *value);
int settings_user_clear(struct settings *settings, int dir,
			enum setting_id id);

/*
 * firmware_uxm after an update, whatever its permission; in memory, settings_save()
 * stores it. @by_user: a person had asked for the update. -errno: it is no URL.
 */
int settings_updated(struct settings *settings, const char *url, bool by_user);

/* Stores all, if anything has changed. */
int settings_save(const struct settings *settings, int dir);

/*
 * Takes what a provisioning file says, all of it or nothing, and stores it once,
 * if it changes anything. A setting whose new permission says so keeps the value
 * of a user. An empty value changes the permission alone, and so does any value of
 * firmware_uxm: it is a request, not a setting.
 */
int settings_provision(struct settings *settings, int dir,
		       const struct provision *provision,
		       enum setting_origin origin);

#endif
