// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "log.h"
#include "publish.h"
#include "uxmcd.h"

static void publish_to_all(struct uxmcd *daemon)
{
	size_t i;

	for (i = 0; i < daemon->modules.count; i++)
		publish_to(daemon, &daemon->modules.list[i]);
}

static void tell(struct uxmcd *daemon, enum setting_id id)
{
	const struct setting *setting = &daemon->settings.list[id];

	if (setting->stored)
		log_info("%s is set to %s", setting_name(id), setting->value);
	else
		log_info("%s is cleared", setting_name(id));
	publish_to_all(daemon);
}

static int clear(struct uxmcd *daemon, enum setting_id id)
{
	int dir = daemon->state.dir;
	int ret = settings_user_clear(&daemon->settings, dir, id);

	/* The phone's is that of each of its modules, too. */
	if (!ret && id == SETTING_FIRMWARE_UXM && daemon->config.match_module)
		ret = perserial_set(&daemon->perserial, dir, NULL, "");
	return ret;
}

int publish_setting(struct uxmcd *daemon, enum setting_id id,
		    const char *value)
{
	int ret;

	ret = value ? settings_user_set(&daemon->settings, daemon->state.dir,
					id, value) :
		      clear(daemon, id);
	if (!ret)
		tell(daemon, id);
	return ret;
}

int publish_updated(struct uxmcd *daemon, const struct journal *record)
{
	int dir = daemon->state.dir;
	int ret;

	ret = settings_updated(&daemon->settings, dir, record->url,
			       !record->provisioned);
	if (!ret && daemon->config.match_module)
		ret = perserial_set(&daemon->perserial, dir, record->serial,
				    record->url);
	if (!ret)
		tell(daemon, SETTING_FIRMWARE_UXM);
	return ret;
}

static int clear_module(struct uxmcd *daemon, const struct module *module)
{
	if (daemon->settings.list[SETTING_FIRMWARE_UXM].permission.readonly)
		return -EPERM;
	log_info("firmware_uxm of the module at %s is cleared", module->port);
	return perserial_set(&daemon->perserial, daemon->state.dir,
			     module->serial, "");
}

int publish_cleared(struct uxmcd *daemon, const struct module *module)
{
	if (!*publish_value(daemon, module))
		return 0;
	return daemon->config.match_module ?
	       clear_module(daemon, module) :
	       publish_setting(daemon, SETTING_FIRMWARE_UXM, NULL);
}

const char *publish_value(const struct uxmcd *daemon,
			  const struct module *module)
{
	return daemon->config.match_module ?
	       perserial_get(&daemon->perserial, module->serial) :
	       settings_get(&daemon->settings, SETTING_FIRMWARE_UXM);
}

void publish_to(struct uxmcd *daemon, const struct module *module)
{
	const char *value = publish_value(daemon, module);
	int ret;

	if (!module->cleared && !strcmp(module->firmware_uxm, value))
		return;
	ret = netlink_show_setting(&daemon->netlink, module->id, value);
	if (ret)
		log_debug("uxmc%u: firmware_uxm cannot be shown: %s",
			  module->id, strerror(-ret));
}
