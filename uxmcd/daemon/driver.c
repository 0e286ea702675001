// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "driver.h"
#include "log.h"
#include "sentence.h"

static void greet(const struct module *module)
{
	bool dfu = module->mode == UXMC_MODE_DFU;

	log_info("uxmc%u: a %s at %s, %s%s, %s%s", module->id, module->model,
		 module->port, dfu ? "in DFU mode" : "firmware ",
		 dfu ? "" : module->version,
		 *module->serial ? "serial number " : "no serial number",
		 module->serial);
}

static bool put_in_table(struct driver *driver, const struct module *module)
{
	bool known = modules_find(&driver->modules, module->id);

	if (!modules_put(&driver->modules, module)) {
		log_error("out of memory");
		return false;
	}
	if (!known) {
		greet(module);
		driver->ops->plugged(driver->context);
	}
	return true;
}

/* What is told to all listeners has no passwords in its URLs. */
static void keep_urls(struct module *told, const struct module *known)
{
	memcpy(told->url, known->url, sizeof(told->url));
	memcpy(told->firmware_uxm, known->firmware_uxm,
	       sizeof(told->firmware_uxm));
}

/*
 * An event may be older than what uxmcd did last, so that it only says which
 * module to look at. It counts for itself if that module has gone since: then it
 * may tell the end of an update.
 */
static void take_changed(struct driver *driver, const struct module *told)
{
	const struct module *known = modules_find(&driver->modules, told->id);
	struct module now = *told;

	if (netlink_get(&driver->netlink, told->id, &now)) {
		if (!known)
			return;
		keep_urls(&now, known);
	}
	if (put_in_table(driver, &now))
		driver->ops->changed(driver->context,
				     modules_find(&driver->modules, told->id));
}

static void take_removed(struct driver *driver, const struct module *told)
{
	if (!modules_find(&driver->modules, told->id))
		return;
	log_info("uxmc%u: gone", told->id);
	modules_remove(&driver->modules, told->id);
	driver->ops->removed(driver->context, told);
}

static void list_modules(struct driver *driver)
{
	struct modules listed = { 0 };
	size_t i;
	int ret;

	ret = netlink_list(&driver->netlink, &listed);
	if (ret) {
		log_error("the modules cannot be listed: %s", strerror(-ret));
		return;
	}
	/* All of them first: what is allowed depends on how many there are. */
	for (i = 0; i < listed.count; i++)
		put_in_table(driver, &listed.list[i]);
	for (i = 0; i < listed.count; i++)
		take_changed(driver, &listed.list[i]);
	modules_clear(&listed);
}

void driver_start(struct driver *driver)
{
	int ret;

	ret = netlink_find_driver(&driver->netlink);
	if (ret == -ENOENT) {
		log_info(SENTENCE_NO_DRIVER "; waiting for it");
		return;
	}
	if (ret) {
		log_error("the driver cannot be talked to: %s",
			  strerror(-ret));
		return;
	}
	log_info("the driver is there");
	list_modules(driver);
}

static void lose_driver(struct driver *driver)
{
	log_info("the driver was unloaded: waiting for it");
	netlink_forget_driver(&driver->netlink);
	modules_clear(&driver->modules);
	driver->ops->unloaded(driver->context);
}

/* Modules that went while events were lost are found by their absence. */
static void take_all_again(struct driver *driver)
{
	struct modules listed = { 0 };
	size_t i = 0;

	log_warning("events were lost: asking for all modules again");
	if (netlink_list(&driver->netlink, &listed)) {
		lose_driver(driver);
		driver_start(driver);
		return;
	}
	while (i < driver->modules.count) {
		struct module module = driver->modules.list[i];

		if (modules_find(&listed, module.id))
			i++;
		else
			take_removed(driver, &module);
	}
	modules_clear(&listed);
	list_modules(driver);
}

static void take(void *context, enum netlink_event event,
		 const struct module *module)
{
	struct driver *driver = context;

	switch (event) {
	case NETLINK_MODULE_CHANGED:
		take_changed(driver, module);
		return;
	case NETLINK_MODULE_REMOVED:
		take_removed(driver, module);
		return;
	case NETLINK_DRIVER_CAME:
		driver_start(driver);
		return;
	case NETLINK_DRIVER_WENT:
		lose_driver(driver);
		return;
	case NETLINK_EVENTS_LOST:
		take_all_again(driver);
		return;
	}
}

static void take_events(void *context, uint32_t events)
{
	struct driver *driver = context;
	int ret = netlink_receive(&driver->netlink, take, driver);

	(void)events;
	if (ret)
		log_error("the driver's events cannot be read: %s",
			  strerror(-ret));
}

bool driver_is_loaded(const struct driver *driver)
{
	return driver->netlink.family;
}

int driver_refresh(struct driver *driver, struct module *module)
{
	return netlink_get(&driver->netlink, module->id, module);
}

int driver_open(struct driver *driver, struct loop *loop,
		const struct driver_ops *ops, void *context)
{
	int ret;

	memset(driver, 0, sizeof(*driver));
	driver->loop = loop;
	driver->ops = ops;
	driver->context = context;
	ret = netlink_open(&driver->netlink);
	if (ret)
		return ret;
	ret = loop_add(loop, &driver->watch,
		       netlink_events_fd(&driver->netlink), EPOLLIN,
		       take_events, driver);
	if (ret)
		netlink_close(&driver->netlink);
	return ret;
}

void driver_close(struct driver *driver)
{
	loop_del(driver->loop, &driver->watch);
	netlink_close(&driver->netlink);
	modules_clear(&driver->modules);
}
