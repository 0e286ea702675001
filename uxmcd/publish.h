/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings, stored by uxmcd and shown by the driver.
 */
#ifndef UXMC_PUBLISH_H
#define UXMC_PUBLISH_H

#include "module.h"

struct uxmcd;

/* Stores a setting (empty: clears it) and shows it; -errno as settings_set(). */
int publish_setting(struct uxmcd *daemon, const char *name, const char *value);

/* Shows one module's settings, if it shows others. */
void publish_to(struct uxmcd *daemon, const struct module *module);

#endif
