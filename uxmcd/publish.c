// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "log.h"
#include "publish.h"
#include "uxmcd.h"

static void tell(struct uxmcd *daemon, enum setting_id id)
{
	const struct setting *setting = &daemon->settings.list[id];
	size_t i;

	if (setting->stored)
		log_info("%s is set to %s", setting_name(id), setting->value);
	else
		log_info("%s is cleared", setting_name(id));
	for (i = 0; i < daemon->modules.count; i++)
		publish_to(daemon, &daemon->modules.list[i]);
}

int publish_setting(struct uxmcd *daemon, enum setting_id id,
		    const char *value)
{
	struct settings *settings = &daemon->settings;
	int dir = daemon->state.dir;
	int ret;

	ret = value ? settings_user_set(settings, dir, id, value) :
		      settings_user_clear(settings, dir, id);
	if (!ret)
		tell(daemon, id);
	return ret;
}

int publish_updated(struct uxmcd *daemon, const char *url, bool by_user)
{
	int ret;

	ret = settings_updated(&daemon->settings, daemon->state.dir, url,
			       by_user);
	if (!ret)
		tell(daemon, SETTING_FIRMWARE_UXM);
	return ret;
}

void publish_to(struct uxmcd *daemon, const struct module *module)
{
	const char *value = settings_get(&daemon->settings,
					 SETTING_FIRMWARE_UXM);
	int ret;

	if (!module->cleared && !strcmp(module->firmware_uxm, value))
		return;
	ret = netlink_show_setting(&daemon->netlink, module->id, value);
	if (ret)
		log_debug("uxmc%u: firmware_uxm cannot be shown: %s",
			  module->id, strerror(-ret));
}
