/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings, stored by uxmcd and shown by the driver.
 */
#ifndef UXMC_PUBLISH_H
#define UXMC_PUBLISH_H

#include <stdbool.h>

#include "module.h"
#include "setting.h"

struct uxmcd;

/*
 * A person sets a setting (NULL: clears it): stores and shows it; -errno as
 * settings_user_set().
 */
int publish_setting(struct uxmcd *daemon, enum setting_id id,
		    const char *value);

/* The same for firmware_uxm after an update; -errno as settings_updated(). */
int publish_updated(struct uxmcd *daemon, const char *url, bool by_user);

/* Shows one module's settings, if it shows others. */
void publish_to(struct uxmcd *daemon, const struct module *module);

#endif
