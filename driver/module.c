// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modules: which there are, how each is found again on its port, and when it
 * is no more. A module leaves the list when it is off the bus and no update is
 * there to wait for it.
 *
 * Order of locks: the USB device's, uxmc_modules_lock, a module's lock,
 * a DFU interface's lock.
 */
#include <linux/ctype.h>
#include <linux/idr.h>
#include <linux/slab.h>
#include <linux/usb.h>

#include "chardev.h"
#include "dfu.h"
#include "identity.h"
#include "module.h"
#include "netlink.h"
#include "past.h"
#include "power.h"
#include "sysfs.h"

/* Protects the list, its generation, and the coming and going of modules. */
static DEFINE_MUTEX(uxmc_modules_lock);
static LIST_HEAD(uxmc_modules);
static unsigned int uxmc_modules_generation;

static DEFINE_IDA(uxmc_ids);

static struct class uxmc_class = {
	.name = "uxmc",
	.dev_groups = uxmc_sysfs_groups,
};

int uxmc_modules_init(void)
{
	return class_register(&uxmc_class);
}

void uxmc_modules_exit(void)
{
	class_unregister(&uxmc_class);
	ida_destroy(&uxmc_ids);
}

static void module_release(struct device *dev)
{
	struct uxmc_module *module = dev_to_module(dev);

	mutex_destroy(&module->lock);
	kfree(module);
}

/* The next digit of a version but for zeros at its end, or '\0' */
static char next_digit(const char **version)
{
	while (**version && !isdigit(**version))
		(*version)++;
	if (!(*version)[strspn(*version, "0.")])
		return '\0';
	return *(*version)++;
}

/**
 * uxmc_module_runs - does the module run this version?
 * @module: the module, locked
 * @version: such as "1.6.1"
 *
 * A version from bcdDevice is compared by its digits, 1.61 being as good as
 * 1.6.1; one of more than four digits does not fit there and is not judged.
 */
bool uxmc_module_runs(struct uxmc_module *module, const char *version)
{
	const char *have = module->version;
	int digits;
	char digit;

	lockdep_assert_held(&module->lock);
	if (!module->version_is_bcd)
		return !strcmp(have, version);

	for (digits = 0; digits < 4; digits++) {
		digit = next_digit(&version);
		if (next_digit(&have) != digit)
			return false;
		if (!digit)
			return true;
	}
	return true;
}

/* The module on the bus again, or for the first time. */
static void module_bind(struct uxmc_module *module, struct uxmc_dfu *dfu,
			const struct uxmc_identity *identity)
{
	lockdep_assert_held(&module->lock);
	WRITE_ONCE(module->dfu, uxmc_dfu_get(dfu));
	module->mode = dfu->runtime ? UXMC_MODE_APPLICATION : UXMC_MODE_DFU;
	if (dfu->runtime) {
		strscpy(module->version, identity->version,
			sizeof(module->version));
		module->version_is_bcd = identity->version_is_bcd;
	}
	if (!module->serial[0])
		strscpy(module->serial, identity->serial,
			sizeof(module->serial));
}

static void module_link(struct uxmc_module *module, struct uxmc_dfu *dfu)
{
	if (sysfs_create_link(&module->dev.kobj, &dfu->intf->dev.kobj,
			      "device"))
		dev_dbg(&module->dev, "no link to the interface\n");
}

static struct uxmc_module *module_alloc(const struct uxmc_identity *identity)
{
	struct uxmc_module *module = kzalloc(sizeof(*module), GFP_KERNEL);

	if (!module)
		return NULL;
	mutex_init(&module->lock);
	init_waitqueue_head(&module->wait);
	INIT_LIST_HEAD(&module->entry);
	INIT_LIST_HEAD(&module->files);
	uxmc_update_init(module);
	module->model = identity->model;
	strscpy(module->port, identity->port, sizeof(module->port));

	device_initialize(&module->dev);
	module->dev.class = &uxmc_class;
	module->dev.release = module_release;
	uxmc_chardev_init(module);
	return module;
}

/* From here on nobody can ask for anything. */
static void module_close(struct uxmc_module *module)
{
	lockdep_assert_held(&module->lock);
	WRITE_ONCE(module->registered, false);
	wake_up_all(&module->wait);
}

static int module_register(struct uxmc_module *module, struct uxmc_dfu *dfu,
			   const struct uxmc_identity *identity)
{
	int err;

	lockdep_assert_held(&uxmc_modules_lock);
	module->id = ida_alloc_max(&uxmc_ids, UXMC_MODULES_MAX - 1, GFP_KERNEL);
	if (module->id < 0)
		return module->id;
	err = dev_set_name(&module->dev, "uxmc%d", module->id);
	if (err)
		goto free_id;

	/* Whatever user space does as soon as it can is allowed already. */
	mutex_lock(&module->lock);
	module_bind(module, dfu, identity);
	uxmc_past_recall(module);
	WRITE_ONCE(module->registered, true);
	mutex_unlock(&module->lock);

	err = uxmc_chardev_add(module);
	if (err)
		goto close;
	module_link(module, dfu);
	list_add_tail(&module->entry, &uxmc_modules);
	uxmc_modules_generation++;

	mutex_lock(&module->lock);
	uxmc_netlink_notify(module, UXMC_MODULE_ADDED);
	mutex_unlock(&module->lock);
	return 0;

close:
	mutex_lock(&module->lock);
	module_close(module);
	WRITE_ONCE(module->dfu, NULL);
	mutex_unlock(&module->lock);
	uxmc_update_release(module);
	uxmc_dfu_put(dfu);
free_id:
	ida_free(&uxmc_ids, module->id);
	return err;
}

/* A module that module_close() has closed */
static void module_remove(struct uxmc_module *module)
{
	lockdep_assert_held(&uxmc_modules_lock);
	list_del(&module->entry);
	uxmc_modules_generation++;
	uxmc_update_release(module);
	uxmc_chardev_del(module);
	ida_free(&uxmc_ids, module->id);

	mutex_lock(&module->lock);
	uxmc_netlink_notify(module, UXMC_MODULE_REMOVED);
	mutex_unlock(&module->lock);
	put_device(&module->dev);
}

/* A module may have no serial number in one of its modes, or in any. */
static bool module_may_be(const struct uxmc_module *module,
			  const struct uxmc_identity *identity)
{
	return module->model == identity->model &&
		(!identity->serial[0] || !module->serial[0] ||
		 !strcmp(identity->serial, module->serial));
}

/*
 * The module that is expected back on a port, or NULL. Where it is another one
 * that came, the update that waits is told.
 */
static struct uxmc_module *module_returned(const struct uxmc_identity *identity)
{
	struct uxmc_module *module;

	list_for_each_entry(module, &uxmc_modules, entry) {
		if (strcmp(module->port, identity->port))
			continue;
		/* Two DFU interfaces in one device: one is enough. */
		if (module->dfu)
			return ERR_PTR(-ENODEV);
		if (module_may_be(module, identity))
			return module;
		mutex_lock(&module->lock);
		WRITE_ONCE(module->update.other, true);
		mutex_unlock(&module->lock);
		wake_up_all(&module->wait);
	}
	return NULL;
}

static int module_create(struct uxmc_dfu *dfu,
			 const struct uxmc_identity *identity)
{
	struct uxmc_module *module = module_alloc(identity);
	int err;

	if (!module)
		return -ENOMEM;
	err = module_register(module, dfu, identity);
	if (err)
		put_device(&module->dev);
	return err;
}

static void module_rebind(struct uxmc_module *module, struct uxmc_dfu *dfu,
			  const struct uxmc_identity *identity)
{
	mutex_lock(&module->lock);
	module_bind(module, dfu, identity);
	module_link(module, dfu);
	uxmc_netlink_notify(module, UXMC_MODULE_CHANGED);
	mutex_unlock(&module->lock);
	wake_up_all(&module->wait);
}

/**
 * uxmc_module_attach - a DFU interface was found
 * @dfu: the interface; a reference is taken
 * @model: by its ids
 *
 * Return: 0; -ENODEV for a second DFU interface in one device; -ENOSPC or
 * -ENOMEM; an error of registering.
 */
int uxmc_module_attach(struct uxmc_dfu *dfu, const struct uxmc_model *model)
{
	struct uxmc_module *module;
	struct uxmc_identity identity;
	int err = 0;

	uxmc_identity_read(&identity, dfu, model);
	mutex_lock(&uxmc_modules_lock);
	module = module_returned(&identity);
	if (IS_ERR(module))
		err = PTR_ERR(module);
	else if (module)
		module_rebind(module, dfu, &identity);
	else
		err = module_create(dfu, &identity);
	mutex_unlock(&uxmc_modules_lock);
	return err;
}

/* Off the bus: the end, unless the worker waits for it to be back. */
static bool module_unbind(struct uxmc_module *module)
{
	struct uxmc_dfu *dfu = module->dfu;
	bool stays;

	mutex_lock(&module->lock);
	sysfs_remove_link(&module->dev.kobj, "device");
	WRITE_ONCE(module->dfu, NULL);
	stays = uxmc_update_flashing(module);
	if (uxmc_update_active(module) && !stays)
		uxmc_update_end(module, -ENODEV, "the module was unplugged");
	if (!stays) {
		uxmc_past_remember(module);
		module_close(module);
	}
	uxmc_netlink_notify(module, UXMC_MODULE_CHANGED);
	mutex_unlock(&module->lock);
	wake_up_all(&module->wait);
	uxmc_dfu_put(dfu);
	return stays;
}

/**
 * uxmc_module_detach - a DFU interface goes away
 * @dfu: the interface, after uxmc_dfu_disconnect()
 */
void uxmc_module_detach(struct uxmc_dfu *dfu)
{
	struct uxmc_module *module, *next;

	mutex_lock(&uxmc_modules_lock);
	list_for_each_entry_safe(module, next, &uxmc_modules, entry)
		if (module->dfu == dfu && !module_unbind(module))
			module_remove(module);
	mutex_unlock(&uxmc_modules_lock);
}

/**
 * uxmc_module_finish - the flashing has ended, well or not
 * @module: the module
 * @err: 0, or why it failed, negative errno
 * @why: a sentence, for a failure
 *
 * A module that is not on the bus then is no more; if it comes back it will
 * show what happened.
 */
void uxmc_module_finish(struct uxmc_module *module, int err, const char *why)
{
	bool gone;

	/* Before it is told: who hears of the end may suspend the system. */
	uxmc_power_end_flash();
	mutex_lock(&uxmc_modules_lock);
	mutex_lock(&module->lock);
	uxmc_update_end(module, err, why);
	gone = !module->dfu;
	if (gone) {
		uxmc_past_remember(module);
		module_close(module);
	}
	mutex_unlock(&module->lock);
	if (gone)
		module_remove(module);
	mutex_unlock(&uxmc_modules_lock);
}

/**
 * uxmc_module_get - uxmcN
 * @id: the N
 *
 * Return: the module with a reference for uxmc_module_put(), or NULL.
 */
struct uxmc_module *uxmc_module_get(u32 id)
{
	struct uxmc_module *module = uxmc_module_get_next(id, NULL);

	if (module && module->id != id) {
		uxmc_module_put(module);
		module = NULL;
	}
	return module;
}

/**
 * uxmc_module_get_next - the module with the lowest number from @id on
 * @id: where to begin
 * @generation: set to a number that changes with the list, unless NULL
 *
 * Return: the module with a reference, or NULL.
 */
struct uxmc_module *uxmc_module_get_next(u32 id, unsigned int *generation)
{
	struct uxmc_module *module, *best = NULL;

	mutex_lock(&uxmc_modules_lock);
	list_for_each_entry(module, &uxmc_modules, entry)
		if (module->id >= id && (!best || module->id < best->id))
			best = module;
	if (best)
		get_device(&best->dev);
	if (generation)
		*generation = uxmc_modules_generation;
	mutex_unlock(&uxmc_modules_lock);
	return best;
}

void uxmc_module_put(struct uxmc_module *module)
{
	put_device(&module->dev);
}

/**
 * uxmc_module_set_firmware_uxm - uxmcd says what the setting is
 * @module: the module
 * @value: the URL, or an empty string
 *
 * Return: 0, or -ENODEV.
 */
int uxmc_module_set_firmware_uxm(struct uxmc_module *module, const char *value)
{
	int err = -ENODEV;

	mutex_lock(&module->lock);
	if (module->registered) {
		strscpy(module->firmware_uxm, value,
			sizeof(module->firmware_uxm));
		module->cleared = false;
		uxmc_netlink_notify(module, UXMC_MODULE_CHANGED);
		err = 0;
	}
	mutex_unlock(&module->lock);
	return err;
}

/**
 * uxmc_module_clear_firmware_uxm - a person clears the setting
 * @module: the module
 *
 * It is uxmcd's to store, so it is told, and started if need be.
 *
 * Return: 0; -EBUSY during an update, which is about to set it; or -ENODEV.
 */
int uxmc_module_clear_firmware_uxm(struct uxmc_module *module)
{
	int err = 0;

	mutex_lock(&module->lock);
	if (!module->registered) {
		err = -ENODEV;
	} else if (uxmc_update_active(module)) {
		err = -EBUSY;
	} else {
		module->firmware_uxm[0] = '\0';
		module->cleared = true;
		uxmc_netlink_notify(module, UXMC_MODULE_CHANGED);
		uxmc_sysfs_uevent(module, "UXMC_EVENT=clear");
	}
	mutex_unlock(&module->lock);
	return err;
}
