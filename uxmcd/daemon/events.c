// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "events.h"
#include "log.h"
#include "publish.h"
#include "request.h"
#include "sentence.h"
#include "uxmcd.h"

static void greet(const struct module *module)
{
	bool dfu = module->mode == UXMC_MODE_DFU;

	log_info("uxmc%u: a %s at %s, %s%s, %s%s", module->id, module->model,
		 module->port, dfu ? "in DFU mode" : "firmware ",
		 dfu ? "" : module->version,
		 *module->serial ? "serial number " : "no serial number",
		 module->serial);
}

static bool has_job(const struct uxmcd *daemon, const struct module *module)
{
	const struct journal *record = &daemon->job.record;

	return job_is_active(&daemon->job) &&
	       module_is_at(module, record->port, record->serial);
}

/* Somebody cleared it in sysfs; publish_to() takes that back if it may not be. */
static void take_clearing(struct uxmcd *daemon, const struct module *module)
{
	int ret = publish_cleared(daemon, module);

	if (ret)
		log_warning("uxmc%u: firmware_uxm is not cleared: %s",
			    module->id,
			    ret == -EPERM ? "it is read-only, the provisioning server says so" :
					    strerror(-ret));
}

/* The module in the table is up to date: what is to be done about it? */
static void act_on(struct uxmcd *daemon, uint32_t id)
{
	struct module *module = modules_find(&daemon->modules, id);

	if (module->cleared)
		take_clearing(daemon, module);
	publish_to(daemon, module);
	job_module_changed(daemon, module);
	if (module->state == UXMC_STATE_REQUESTED && !has_job(daemon, module))
		request_from_driver(daemon, module);
}

static bool put_in_table(struct uxmcd *daemon, const struct module *module)
{
	bool known = modules_find(&daemon->modules, module->id);

	if (!modules_put(&daemon->modules, module)) {
		log_error("out of memory");
		return false;
	}
	if (!known) {
		greet(module);
		look_plugged(daemon);
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
static void take_changed(struct uxmcd *daemon, const struct module *told)
{
	const struct module *known = modules_find(&daemon->modules, told->id);
	struct module now = *told;

	if (netlink_get(&daemon->netlink, told->id, &now)) {
		if (!known)
			return;
		keep_urls(&now, known);
	}
	if (put_in_table(daemon, &now))
		act_on(daemon, told->id);
}

static void take_removed(struct uxmcd *daemon, const struct module *told)
{
	if (!modules_find(&daemon->modules, told->id))
		return;
	log_info("uxmc%u: gone", told->id);
	modules_remove(&daemon->modules, told->id);
	job_module_removed(daemon, told);
}

static void forget_modules(struct uxmcd *daemon)
{
	modules_clear(&daemon->modules);
}

static void list_modules(struct uxmcd *daemon)
{
	struct modules listed = { 0 };
	size_t i;
	int ret;

	ret = netlink_list(&daemon->netlink, &listed);
	if (ret) {
		log_error("the modules cannot be listed: %s", strerror(-ret));
		return;
	}
	/* All of them first: what is allowed depends on how many there are. */
	for (i = 0; i < listed.count; i++)
		put_in_table(daemon, &listed.list[i]);
	for (i = 0; i < listed.count; i++)
		take_changed(daemon, &listed.list[i]);
	modules_clear(&listed);
}

static void take_driver(struct uxmcd *daemon)
{
	int ret;

	ret = netlink_find_driver(&daemon->netlink);
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
	list_modules(daemon);
}

static void lose_driver(struct uxmcd *daemon)
{
	log_info("the driver was unloaded: waiting for it");
	netlink_forget_driver(&daemon->netlink);
	forget_modules(daemon);
	job_driver_went(daemon);
}

/* Modules that went while events were lost are found by their absence. */
static void take_all_again(struct uxmcd *daemon)
{
	struct modules listed = { 0 };
	size_t i = 0;

	log_warning("events were lost: asking for all modules again");
	if (netlink_list(&daemon->netlink, &listed)) {
		lose_driver(daemon);
		take_driver(daemon);
		return;
	}
	while (i < daemon->modules.count) {
		struct module module = daemon->modules.list[i];

		if (modules_find(&listed, module.id))
			i++;
		else
			take_removed(daemon, &module);
	}
	modules_clear(&listed);
	list_modules(daemon);
}

static void take(void *context, enum netlink_event event,
		 const struct module *module)
{
	struct uxmcd *daemon = context;

	switch (event) {
	case NETLINK_MODULE_CHANGED:
		take_changed(daemon, module);
		return;
	case NETLINK_MODULE_REMOVED:
		take_removed(daemon, module);
		return;
	case NETLINK_DRIVER_CAME:
		take_driver(daemon);
		return;
	case NETLINK_DRIVER_WENT:
		lose_driver(daemon);
		return;
	case NETLINK_EVENTS_LOST:
		take_all_again(daemon);
		return;
	}
}

void events_start(struct uxmcd *daemon)
{
	take_driver(daemon);
}

void events_take(struct uxmcd *daemon)
{
	int ret = netlink_receive(&daemon->netlink, take, daemon);

	if (ret)
		log_error("the driver's events cannot be read: %s",
			  strerror(-ret));
}
