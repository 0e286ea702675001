// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "log.h"
#include "publish.h"
#include "uxmcd.h"

int publish_setting(struct uxmcd *daemon, const char *name, const char *value)
{
	size_t i;
	int ret;

	ret = settings_set(&daemon->settings, daemon->state.dir, name, value);
	if (ret)
		return ret;
	log_info(*value ? "%s is set to %s" : "%s is cleared", name, value);
	for (i = 0; i < daemon->modules.count; i++)
		publish_to(daemon, &daemon->modules.list[i]);
	return 0;
}

void publish_to(struct uxmcd *daemon, const struct module *module)
{
	const char *value = daemon->settings.firmware_uxm;
	int ret;

	if (!module->cleared && !strcmp(module->firmware_uxm, value))
		return;
	ret = netlink_show_setting(&daemon->netlink, module->id, value);
	if (ret)
		log_debug("uxmc%u: firmware_uxm cannot be shown: %s",
			  module->id, strerror(-ret));
}
