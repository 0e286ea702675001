/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of the settings share: values, and what is to hold.
 */
#ifndef UXMC_UNIT_SETTINGS_H
#define UXMC_UNIT_SETTINGS_H

#include "settings.h"
#include "unit.h"

#define URL		"http://h/{mac}/snomD7C-1.6.1-r.bin?a=b&c=d=e"
#define OTHER		"http://h/snomD7C-1.5.3-r.bin"
#define HEAD		"uxmcd-settings 1\n"

#define FIRMWARE_UXM	SETTING_FIRMWARE_UXM
#define FIRMWARE_STATUS	SETTING_FIRMWARE_STATUS
#define INTERVAL	SETTING_FIRMWARE_INTERVAL
#define POLICY		SETTING_UPDATE_POLICY
#define SERVER		SETTING_SETTING_SERVER
#define TIMER		SETTING_SETTINGS_REFRESH_TIMER

/* What a person gives, and what a server does. */
extern const char * const by_hand[SETTINGS_COUNT];
extern const char * const by_server[SETTINGS_COUNT];

/* A person sets it to what is in @by_hand. */
void assert_set(struct settings *settings, int dir, enum setting_id id);

/* firmware_uxm after an update, stored. */
int updated(struct settings *settings, int dir, const char *url, bool by_user);

/* The phone has booted since it was stored. */
void boot_anew(int dir);

/* What setting_server says of a single setting. */
int provision(struct settings *settings, int dir, enum setting_id id,
	      const char *value, const char *permission);

/* Adds one to what is said. */
void say(struct provision *provision, enum setting_id id, const char *value,
	 const char *permission);

void assert_holds(const struct settings *settings, enum setting_id id,
		  const char *value, enum setting_origin origin);
void assert_same(const struct settings *a, const struct settings *b);

/* What is on the disk gives the same again. */
void assert_stored(const struct settings *settings, int dir);

/* The stored file is this, byte for byte. */
void assert_file(int dir, const char *expected);

#endif
