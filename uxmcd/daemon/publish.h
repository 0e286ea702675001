/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings, stored by uxmcd and shown by the driver.
 */
#ifndef UXMC_PUBLISH_H
#define UXMC_PUBLISH_H

#include "driver.h"
#include "journal.h"
#include "store.h"

/* @match_module: as in uxmcd.conf */
struct publish {
	struct store *store;
	struct driver *driver;
	bool match_module;
};

/*
 * A person sets a setting (NULL: clears it): stores and shows it; -errno as
 * settings_user_set().
 */
int publish_setting(const struct publish *publish, enum setting_id id,
		    const char *value);

/*
 * firmware_uxm after an update from a URL, in memory; store_save() stores it. -errno:
 * it is none.
 */
int publish_updated(const struct publish *publish,
		    const struct journal *record);

/* Shows it, once it is stored or could not be. */
void publish_image_url(const struct publish *publish);

/*
 * The firmware_uxm that counts for a module, its own or the phone's, is shown by it.
 * Clears it before, if somebody told the module to and that is allowed.
 */
void publish_to(const struct publish *publish, const struct module *module);

/* The firmware_uxm that counts for a module. */
const char *publish_value(const struct publish *publish,
			  const struct module *module);

#endif
