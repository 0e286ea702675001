/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings, stored by uxmcd and shown by the driver.
 */
#ifndef UXMC_PUBLISH_H
#define UXMC_PUBLISH_H

#include "journal.h"
#include "module.h"
#include "setting.h"

struct uxmcd;

/*
 * A person sets a setting (NULL: clears it): stores and shows it; -errno as
 * settings_user_set().
 */
int publish_setting(struct uxmcd *daemon, enum setting_id id,
		    const char *value);

/* firmware_uxm after an update from a URL; -errno: it is not stored. */
int publish_updated(struct uxmcd *daemon, const struct journal *record);

/*
 * The module itself was told to clear its firmware_uxm; -errno as
 * settings_user_clear().
 */
int publish_cleared(struct uxmcd *daemon, const struct module *module);

/* The firmware_uxm that counts for a module: its own, or the phone's. */
const char *publish_value(const struct uxmcd *daemon,
			  const struct module *module);

/* Shows one module's settings, if it shows others. */
void publish_to(struct uxmcd *daemon, const struct module *module);

#endif
