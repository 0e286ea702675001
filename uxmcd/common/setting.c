// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "setting.h"
#include "text.h"

#define WANTS_URL	"a complete http:// or https:// URL, or nothing"
#define NAMES \
	"firmware_uxm, firmware_status, firmware_interval, " \
	"update_policy, setting_server, settings_refresh_timer, " \
	"http_client_user, http_client_pass, " \
	"http_user, http_pass, restrict_uri_queries"

struct description {
	const char *name;
	const char *initial;
	const char *wants;
	int (*check)(const struct description *setting, const char *value,
		     char *normal);
	uint64_t max;	/* of a number */
	bool secret;
};

static int check_url(const struct description *setting, const char *value,
		     char *normal)
{
	int ret = *value ? url_check(value) : 0;

	(void)setting;
	if (ret)
		return ret == -ENAMETOOLONG ? -E2BIG : -EINVAL;
	return text_copy(normal, URL_MAX + 1, value);
}

static int check_number(const struct description *setting, const char *value,
			char *normal)
{
	uint64_t number;
	int ret;

	ret = text_number(value, setting->max, &number);
	if (!ret)
		text_format(normal, URL_MAX + 1, "%" PRIu64, number);
	return ret;
}

static const char * const policies[] = {
	[POLICY_AUTO]		= "auto_update",
	[POLICY_ASK]		= "ask_for_update",
	[POLICY_SETTINGS_ONLY]	= "settings_only",
	[POLICY_NEVER]		= "never_update",
};

/* Names of earlier phone firmware. */
static const char *rename_policy(const char *value)
{
	if (!strcmp(value, "never_update_firm") ||
	    !strcmp(value, "never_update_boot"))
		return policies[POLICY_SETTINGS_ONLY];
	return value;
}

static int check_policy(const struct description *setting, const char *value,
			char *normal)
{
	size_t i;

	(void)setting;
	value = rename_policy(value);
	for (i = 0; i < ARRAY_SIZE(policies); i++)
		if (!strcmp(value, policies[i]))
			return text_copy(normal, URL_MAX + 1, value);
	return -EINVAL;
}

/* What is on both sides of a colon in Basic authentication (RFC 7617, 2) */
static int check_secret(const struct description *setting, const char *value,
			char *normal)
{
	(void)setting;
	if (strlen(value) > SETTING_SECRET_MAX)
		return -E2BIG;
	if (!text_is_clean(value))
		return -EINVAL;
	return text_copy(normal, URL_MAX + 1, value);
}

static int check_name(const struct description *setting, const char *value,
		      char *normal)
{
	return strchr(value, ':') ? -EINVAL : check_secret(setting, value, normal);
}

static int check_switch(const struct description *setting, const char *value,
			char *normal)
{
	(void)setting;
	if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0)
		return -EINVAL;
	return text_copy(normal, URL_MAX + 1, value);
}

static const struct description table[SETTINGS_COUNT] = {
	[SETTING_FIRMWARE_UXM] = {
		"firmware_uxm", "", WANTS_URL, check_url, 0, false },
	[SETTING_FIRMWARE_STATUS] = {
		"firmware_status", "", WANTS_URL, check_url, 0, false },
	[SETTING_FIRMWARE_INTERVAL] = {
		"firmware_interval", "2880",
		"a number of minutes, 0 to 525600", check_number, 525600, false },
	[SETTING_UPDATE_POLICY] = {
		"update_policy", "auto_update",
		"auto_update, ask_for_update, settings_only or never_update",
		check_policy, 0, false },
	[SETTING_SETTING_SERVER] = {
		"setting_server", "", WANTS_URL, check_url, 0, false },
	[SETTING_SETTINGS_REFRESH_TIMER] = {
		"settings_refresh_timer", "0",
		"a number of seconds, 0 to 31536000", check_number, 31536000,
		false },
	[SETTING_HTTP_CLIENT_USER] = {
		"http_client_user", "", "at most 127 characters without a colon",
		check_name, 0, false },
	[SETTING_HTTP_CLIENT_PASS] = {
		"http_client_pass", "", "at most 127 characters", check_secret, 0,
		true },
	[SETTING_HTTP_USER] = {
		"http_user", "", "at most 127 characters without a colon",
		check_name, 0, true },
	[SETTING_HTTP_PASS] = {
		"http_pass", "", "at most 127 characters", check_secret, 0, true },
	[SETTING_RESTRICT_URI_QUERIES] = {
		"restrict_uri_queries", "off", "on or off", check_switch, 0, false },
};

const char *setting_name(enum setting_id id)
{
	return table[id].name;
}

/* The name that earlier phone firmware had for it */
static const char *rename_setting(const char *name)
{
	return strcmp(name, "use_hidden_tags") ? name : "restrict_uri_queries";
}

int setting_find(const char *name, enum setting_id *id)
{
	size_t i;

	name = rename_setting(name);
	for (i = 0; i < SETTINGS_COUNT; i++)
		if (!strcmp(name, table[i].name)) {
			*id = (enum setting_id)i;
			return 0;
		}
	return -ENOENT;
}

const char *setting_names(void)
{
	return NAMES;
}

const char *setting_wants(enum setting_id id)
{
	return table[id].wants;
}

const char *setting_default(enum setting_id id)
{
	return table[id].initial;
}

bool setting_is_secret(enum setting_id id)
{
	return table[id].secret;
}

int setting_check(enum setting_id id, const char *value, char *normal)
{
	return table[id].check(&table[id], value, normal);
}

enum update_policy setting_policy(const char *normal)
{
	size_t policy = 0;

	while (policy < POLICY_NEVER && strcmp(normal, policies[policy]))
		policy++;
	return (enum update_policy)policy;
}
