/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One setting: its name, its default, and which values are fine for it.
 */
#ifndef UXMC_SETTING_H
#define UXMC_SETTING_H

#include <stdbool.h>

#include "url.h"

enum setting_id {
	SETTING_FIRMWARE_UXM,		/* URL or empty */
	SETTING_FIRMWARE_STATUS,	/* URL or empty */
	SETTING_FIRMWARE_INTERVAL,	/* minutes; 0: no regular looks */
	SETTING_UPDATE_POLICY,
	SETTING_SETTING_SERVER,		/* URL or empty */
	SETTING_SETTINGS_REFRESH_TIMER,	/* seconds; 0: at start only */
	SETTING_HTTP_CLIENT_USER,	/* for provisioning servers */
	SETTING_HTTP_CLIENT_PASS,	/* secret */
	SETTING_HTTP_USER,		/* of the web pages; secret, and so is this: */
	SETTING_HTTP_PASS,
	SETTING_RESTRICT_URI_QUERIES,	/* "on": they change nothing by GET */
	SETTINGS_COUNT
};

enum update_policy {
	POLICY_AUTO,
	POLICY_ASK,
	POLICY_SETTINGS_ONLY,
	POLICY_NEVER
};

const char *setting_name(enum setting_id id);

/* -ENOENT if there is none of that name. */
int setting_find(const char *name, enum setting_id *id);

/* All names, for messages: "firmware_uxm, firmware_status, ...". */
const char *setting_names(void);

/* What is a value for it: "a number of minutes, 0 to 525600". */
const char *setting_wants(enum setting_id id);

const char *setting_default(enum setting_id id);

/* The longest secret, without a NUL */
#define SETTING_SECRET_MAX	127

/* Nobody may read it, and it is not shown in any log. */
bool setting_is_secret(enum setting_id id);

/*
 * Is @value one for it? Puts its normal form into @normal, of URL_MAX + 1 bytes:
 * numbers lose leading zeros, and old names of a policy become today's. Empty is
 * fine for URLs, users and passwords only. -EINVAL, -ERANGE for a number out of range,
 * -E2BIG.
 */
int setting_check(enum setting_id id, const char *value, char *normal);

/* The policy that a value in its normal form stands for. */
enum update_policy setting_policy(const char *normal);

#endif
