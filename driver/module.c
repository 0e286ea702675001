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
#include "module.h"
#include "netlink.h"
#include "past.h"
#include "sysfs.h"

#define VERSION_PREFIX	"UXMC firmware "
#define USB_STRING_MAX	(127 * 3 + 1)	/* UTF-16 in 255 bytes, as UTF-8 */

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

/* Nothing that a device says about itself reaches logs or user space raw. */
static void copy_printable(char *to, size_t size, const char *from)
{
	size_t i;

	for (i = 0; i < size - 1 && from[i]; i++)
		to[i] = isascii(from[i]) && isprint(from[i]) ? from[i] : '?';
	to[i] = '\0';
}

/* "UXMC firmware 1.6.1" says it; else bcdDevice, 0x0161 being 1.61. */
static void module_read_version(struct uxmc_module *module,
				const struct uxmc_dfu *dfu)
{
	u8 index = dfu->intf->cur_altsetting->desc.iInterface;
	u16 bcd = le16_to_cpu(dfu->udev->descriptor.bcdDevice);
	size_t prefix = strlen(VERSION_PREFIX);
	char *text = kmalloc(USB_STRING_MAX, GFP_KERNEL);

	module->version_is_bcd = false;
	if (text && index &&
	    usb_string(dfu->udev, index, text, USB_STRING_MAX) > 0 &&
	    !strncmp(text, VERSION_PREFIX, prefix)) {
		copy_printable(module->version, sizeof(module->version),
			       text + prefix);
	} else {
		module->version_is_bcd = true;
		snprintf(module->version, sizeof(module->version), "%x.%02x",
			 bcd >> 8, bcd & 0xff);
	}
	kfree(text);
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
	int digits = 0;

	lockdep_assert_held(&module->lock);
	if (!module->version_is_bcd)
		return !strcmp(have, version);

	for (; *version; version++) {
		if (!isdigit(*version))
			continue;
		while (*have && !isdigit(*have))
			have++;
		if (++digits > 4)
			return true;
		if (*have++ != *version)
			return false;
	}
	return !*have;
}

/* The module on the bus again, or for the first time. */
static void module_bind(struct uxmc_module *module, struct uxmc_dfu *dfu)
{
	lockdep_assert_held(&module->lock);
	WRITE_ONCE(module->dfu, uxmc_dfu_get(dfu));
	module->mode = dfu->runtime ? UXMC_MODE_APPLICATION : UXMC_MODE_DFU;
	if (dfu->runtime)
		module_read_version(module, dfu);
	if (dfu->udev->serial && !module->serial[0])
		copy_printable(module->serial, sizeof(module->serial),
			       dfu->udev->serial);
}

static void module_link(struct uxmc_module *module, struct uxmc_dfu *dfu)
{
	if (sysfs_create_link(&module->dev.kobj, &dfu->intf->dev.kobj,
			      "device"))
		dev_dbg(&module->dev, "no link to the interface\n");
}

static struct uxmc_module *module_alloc(struct uxmc_dfu *dfu,
					const struct uxmc_model *model)
{
	struct uxmc_module *module = kzalloc(sizeof(*module), GFP_KERNEL);

	if (!module)
		return NULL;
	mutex_init(&module->lock);
	init_waitqueue_head(&module->wait);
	INIT_LIST_HEAD(&module->entry);
	INIT_LIST_HEAD(&module->files);
	uxmc_update_init(module);
	module->model = model;
	strscpy(module->port, dev_name(&dfu->udev->dev), sizeof(module->port));

	device_initialize(&module->dev);
	module->dev.class = &uxmc_class;
	module->dev.release = module_release;
	uxmc_chardev_init(module);
	return module;
}

static int module_register(struct uxmc_module *module, struct uxmc_dfu *dfu)
{
	int err;

	lockdep_assert_held(&uxmc_modules_lock);
	module->id = ida_alloc_max(&uxmc_ids, UXMC_MODULES_MAX - 1, GFP_KERNEL);
	if (module->id < 0)
		return module->id;
	err = dev_set_name(&module->dev, "uxmc%d", module->id);
	if (err)
		goto free_id;

	mutex_lock(&module->lock);
	module_bind(module, dfu);
	uxmc_past_recall(module);
	module->registered = true;
	mutex_unlock(&module->lock);

	err = uxmc_chardev_add(module);
	if (err)
		goto unbind;
	module_link(module, dfu);
	list_add_tail(&module->entry, &uxmc_modules);
	uxmc_modules_generation++;

	mutex_lock(&module->lock);
	uxmc_netlink_notify(module, UXMC_MODULE_ADDED);
	mutex_unlock(&module->lock);
	return 0;

unbind:
	module->dfu = NULL;
	uxmc_dfu_put(dfu);
free_id:
	ida_free(&uxmc_ids, module->id);
	return err;
}

static void module_remove(struct uxmc_module *module)
{
	lockdep_assert_held(&uxmc_modules_lock);
	mutex_lock(&module->lock);
	WRITE_ONCE(module->registered, false);
	mutex_unlock(&module->lock);
	wake_up_all(&module->wait);

	list_del(&module->entry);
	uxmc_modules_generation++;
	uxmc_chardev_del(module);
	uxmc_update_release(module);
	ida_free(&uxmc_ids, module->id);

	mutex_lock(&module->lock);
	uxmc_netlink_notify(module, UXMC_MODULE_REMOVED);
	mutex_unlock(&module->lock);
	put_device(&module->dev);
}

/* A module may have no serial number in one of its modes, or in any. */
static bool module_may_be(const struct uxmc_module *module,
			  const struct uxmc_dfu *dfu)
{
	char serial[UXMC_SERIAL_MAX + 1];

	if (!dfu->udev->serial || !module->serial[0])
		return true;
	copy_printable(serial, sizeof(serial), dfu->udev->serial);
	return !strcmp(serial, module->serial);
}

/*
 * The module that is expected back on the port of @dfu, or NULL. Where it is
 * another one that came, the update that waits is told.
 */
static struct uxmc_module *module_returned(struct uxmc_dfu *dfu)
{
	struct uxmc_module *module;

	list_for_each_entry(module, &uxmc_modules, entry) {
		if (strcmp(module->port, dev_name(&dfu->udev->dev)))
			continue;
		if (module->dfu)
			return ERR_PTR(-EBUSY);
		if (module_may_be(module, dfu))
			return module;
		mutex_lock(&module->lock);
		WRITE_ONCE(module->update.other, true);
		mutex_unlock(&module->lock);
		wake_up_all(&module->wait);
	}
	return NULL;
}

/**
 * uxmc_module_attach - a DFU interface was found
 * @dfu: the interface; a reference is taken
 * @model: by its ids
 *
 * Return: 0; -EBUSY for a second DFU interface in one device; -ENOSPC or
 * -ENOMEM; an error of registering.
 */
int uxmc_module_attach(struct uxmc_dfu *dfu, const struct uxmc_model *model)
{
	struct uxmc_module *module;
	int err = 0;

	mutex_lock(&uxmc_modules_lock);
	module = module_returned(dfu);
	if (IS_ERR(module)) {
		err = PTR_ERR(module);
	} else if (module) {
		mutex_lock(&module->lock);
		module_bind(module, dfu);
		module_link(module, dfu);
		uxmc_netlink_notify(module, UXMC_MODULE_CHANGED);
		mutex_unlock(&module->lock);
		wake_up_all(&module->wait);
	} else {
		module = module_alloc(dfu, model);
		err = module ? module_register(module, dfu) : -ENOMEM;
		if (err && module)
			put_device(&module->dev);
	}
	mutex_unlock(&uxmc_modules_lock);
	return err;
}

static void module_unbind(struct uxmc_module *module)
{
	struct uxmc_dfu *dfu;

	mutex_lock(&module->lock);
	sysfs_remove_link(&module->dev.kobj, "device");
	dfu = module->dfu;
	WRITE_ONCE(module->dfu, NULL);
	uxmc_dfu_put(dfu);
	if (uxmc_update_active(module) && !uxmc_update_flashing(module))
		uxmc_update_end(module, -ENODEV, "the module was unplugged");
	uxmc_netlink_notify(module, UXMC_MODULE_CHANGED);
	mutex_unlock(&module->lock);
	wake_up_all(&module->wait);
}

/**
 * uxmc_module_detach - a DFU interface goes away
 * @dfu: the interface, after uxmc_dfu_disconnect()
 */
void uxmc_module_detach(struct uxmc_dfu *dfu)
{
	struct uxmc_module *module, *next;

	mutex_lock(&uxmc_modules_lock);
	list_for_each_entry_safe(module, next, &uxmc_modules, entry) {
		if (module->dfu != dfu)
			continue;
		module_unbind(module);
		if (!uxmc_update_flashing(module))
			module_remove(module);
	}
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
	mutex_lock(&uxmc_modules_lock);
	mutex_lock(&module->lock);
	uxmc_update_end(module, err, why);
	mutex_unlock(&module->lock);
	if (!module->dfu) {
		uxmc_past_remember(module);
		module_remove(module);
	}
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
 */
void uxmc_module_set_firmware_uxm(struct uxmc_module *module, const char *value)
{
	mutex_lock(&module->lock);
	strscpy(module->firmware_uxm, value, sizeof(module->firmware_uxm));
	module->cleared = false;
	uxmc_netlink_notify(module, UXMC_MODULE_CHANGED);
	mutex_unlock(&module->lock);
}

/**
 * uxmc_module_clear_firmware_uxm - a person clears the setting
 * @module: the module
 *
 * It is uxmcd's to store, so it is told, and started if need be.
 *
 * Return: 0, or -EBUSY during an update, which is about to set it.
 */
int uxmc_module_clear_firmware_uxm(struct uxmc_module *module)
{
	int err = -EBUSY;

	mutex_lock(&module->lock);
	if (!uxmc_update_active(module)) {
		module->firmware_uxm[0] = '\0';
		module->cleared = true;
		uxmc_netlink_notify(module, UXMC_MODULE_CHANGED);
		uxmc_sysfs_uevent(module, "UXMC_EVENT=clear");
		err = 0;
	}
	mutex_unlock(&module->lock);
	return err;
}
