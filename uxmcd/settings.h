/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stored settings. firmware_uxm is the URL of the last update that went well.
 */
#ifndef UXMC_SETTINGS_H
#define UXMC_SETTINGS_H

#include "url.h"

struct settings {
	char firmware_uxm[URL_MAX + 1];
};

/*
 * 0 and empty settings if none were stored yet. -EINVAL if the file is damaged:
 * it has been set aside then, and the settings are empty.
 */
int settings_load(struct settings *settings, int dir);

/* The value of a setting; -ENOENT if there is none of that name. */
int settings_get(const struct settings *settings, const char *name,
		 const char **value);

/*
 * Changes a setting and stores them all; an empty value clears it. -ENOENT: no
 * such setting; -EINVAL: not a value for it; what else: not stored, not changed.
 */
int settings_set(struct settings *settings, int dir, const char *name,
		 const char *value);

#endif
