// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "log.h"
#include "publish.h"
#include "text.h"

#define NAME_SIZE	(UXMC_SERIAL_MAX + 1)

/* What it is known by: without a serial number by its port, as others may be in a chain */
static const char *make_name(const char *port, const char *serial, char *name)
{
	if (*serial)
		text_copy(name, NAME_SIZE, serial);
	else
		text_format(name, NAME_SIZE, "@%s", port);
	return name;
}

static const char *name_of(const struct module *module, char *name)
{
	return make_name(module->port, module->serial, name);
}

const char *publish_value(const struct publish *publish,
			  const struct module *module)
{
	char name[NAME_SIZE];

	return publish->match_module ?
	       perserial_get(&publish->store->perserial,
			     name_of(module, name)) :
	       settings_get(&publish->store->settings, SETTING_FIRMWARE_UXM);
}

/* Unless it shows that already. */
static void show(const struct publish *publish, const struct module *module)
{
	const char *value = publish_value(publish, module);
	int ret;

	if (!module->cleared && !strcmp(module->firmware_uxm, value))
		return;
	ret = netlink_show_setting(&publish->driver->netlink, module->id, value);
	if (ret)
		log_debug("uxmc%u: firmware_uxm cannot be shown: %s",
			  module->id, strerror(-ret));
}

static void tell(const struct publish *publish, enum setting_id id)
{
	const struct setting *setting = &publish->store->settings.list[id];
	const struct modules *modules = &publish->driver->modules;
	size_t i;

	if (setting->stored)
		log_info("%s is set%s%s", setting_name(id),
			 setting_is_secret(id) ? "" : " to ",
			 setting_is_secret(id) ? "" : setting->value);
	else
		log_info("%s is cleared", setting_name(id));
	for (i = 0; i < modules->count; i++)
		show(publish, &modules->list[i]);
}

/* Whoever clears firmware_uxm wants what is provisioned to be flashed again. */
static int forget_attempts(struct store *store)
{
	attempts_forget_all(&store->attempts);
	return attempts_store(&store->attempts, store->dir, loop_now());
}

static int clear(struct store *store, enum setting_id id, bool match_module)
{
	int ret = settings_user_clear(&store->settings, store->dir, id);

	if (ret || id != SETTING_FIRMWARE_UXM)
		return ret;
	ret = forget_attempts(store);
	/* The phone's is that of each of its modules, too. */
	if (!ret && match_module)
		ret = perserial_set(&store->perserial, store->dir, NULL, "");
	return ret;
}

int publish_setting(const struct publish *publish, enum setting_id id,
		    const char *value)
{
	struct store *store = publish->store;
	int ret;

	ret = value ? settings_user_set(&store->settings, store->dir, id,
					value) :
		      clear(store, id, publish->match_module);
	if (!ret)
		tell(publish, id);
	return ret;
}

/* One that had no serial number in DFU mode has it again. */
static const char *name_updated(const struct publish *publish,
				const struct journal *record, char *name)
{
	const struct module *module = modules_find_at(&publish->driver->modules,
						      record->port, record->serial);

	return module ? name_of(module, name) :
			make_name(record->port, record->serial, name);
}

int publish_updated(const struct publish *publish, const struct journal *record)
{
	struct store *store = publish->store;
	char name[NAME_SIZE];
	int ret;

	ret = settings_updated(&store->settings, record->url,
			       !record->provisioned);
	if (!ret && publish->match_module)
		ret = perserial_updated(&store->perserial,
					name_updated(publish, record, name),
					record->url);
	return ret;
}

void publish_image_url(const struct publish *publish)
{
	tell(publish, SETTING_FIRMWARE_UXM);
}

static int clear_module(struct store *store, const struct module *module)
{
	char name[NAME_SIZE];
	int ret;

	if (store->settings.list[SETTING_FIRMWARE_UXM].permission.readonly)
		return -EPERM;
	log_info("firmware_uxm of the module at %s is cleared", module->port);
	ret = forget_attempts(store);
	return ret ? ret : perserial_set(&store->perserial, store->dir,
					 name_of(module, name), "");
}

static int clear_by_module(const struct publish *publish,
			   const struct module *module)
{
	if (!*publish_value(publish, module))
		return 0;
	return publish->match_module ?
	       clear_module(publish->store, module) :
	       publish_setting(publish, SETTING_FIRMWARE_UXM, NULL);
}

/* Somebody cleared it in sysfs; showing it takes that back if it may not be. */
static void take_clearing(const struct publish *publish,
			  const struct module *module)
{
	int ret = clear_by_module(publish, module);

	if (ret)
		log_warning("uxmc%u: firmware_uxm is not cleared: %s",
			    module->id,
			    ret == -EPERM ? "it is read-only, the provisioning server says so" :
					    strerror(-ret));
}

void publish_to(const struct publish *publish, const struct module *module)
{
	if (module->cleared)
		take_clearing(publish, module);
	show(publish, module);
}
