// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices uxmcN: which there are, how each is found again on its port, and when it
 * is removed: when its module is off the bus and no update waits for it.
 *
 * Order of locks: the USB device's, uxmc_devices_lock, a uxmc_device's lock, the
 * locks of its uxmc_dfu.
 */
#include <linux/ctype.h>
#include <linux/idr.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/usb.h>

#include "chardev.h"
#include "device.h"
#include "dfu.h"
#include "failure.h"
#include "identity.h"
#include "netlink.h"
#include "sysfs.h"

/* Protects the list, its generation, and the adding and removing of devices. */
static DEFINE_MUTEX(uxmc_devices_lock);
static LIST_HEAD(uxmc_devices);
static unsigned int uxmc_devices_generation;

static DEFINE_IDA(uxmc_numbers);

static struct class uxmc_class = {
	.name = "uxmc",
	.dev_groups = uxmc_sysfs_groups,
};

int uxmc_devices_init(void)
{
	return class_register(&uxmc_class);
}

void uxmc_devices_exit(void)
{
	class_unregister(&uxmc_class);
	ida_destroy(&uxmc_numbers);
}

static void uxmc_free(struct device *dev)
{
	struct uxmc_device *uxmc = dev_to_uxmc(dev);

	mutex_destroy(&uxmc->lock);
	kfree(uxmc);
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
 * uxmc_device_runs - does the module run this version?
 * @uxmc: the module, locked
 * @version: such as "1.6.1"
 *
 * A version from bcdDevice is compared by its digits, 1.61 being equal to
 * 1.6.1; one of more than four digits does not fit there and is not judged.
 */
bool uxmc_device_runs(struct uxmc_device *uxmc, const char *version)
{
	const char *have = uxmc->version;
	int digits;
	char digit;

	lockdep_assert_held(&uxmc->lock);
	if (!uxmc->version_is_bcd)
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
static void uxmc_bind(struct uxmc_device *uxmc, struct uxmc_dfu *dfu,
		      const struct uxmc_identity *identity)
{
	lockdep_assert_held(&uxmc->lock);
	WRITE_ONCE(uxmc->dfu, uxmc_dfu_get(dfu));
	uxmc->mode = dfu->runtime ? UXMC_MODE_APPLICATION : UXMC_MODE_DFU;
	if (dfu->runtime) {
		strscpy(uxmc->version, identity->version,
			sizeof(uxmc->version));
		uxmc->version_is_bcd = identity->version_is_bcd;
	}
	if (!uxmc->serial[0])
		strscpy(uxmc->serial, identity->serial,
			sizeof(uxmc->serial));
}

static int uxmc_link(struct uxmc_device *uxmc, struct uxmc_dfu *dfu)
{
	return sysfs_create_link(&uxmc->dev.kobj, &dfu->intf->dev.kobj,
				 "device");
}

static struct uxmc_device *uxmc_alloc(const struct uxmc_identity *identity)
{
	struct uxmc_device *uxmc = kzalloc(sizeof(*uxmc), GFP_KERNEL);

	if (!uxmc)
		return NULL;
	mutex_init(&uxmc->lock);
	init_waitqueue_head(&uxmc->wait);
	INIT_LIST_HEAD(&uxmc->entry);
	INIT_LIST_HEAD(&uxmc->files);
	uxmc_update_init(uxmc);
	uxmc->model = identity->model;
	strscpy(uxmc->port, identity->port, sizeof(uxmc->port));

	device_initialize(&uxmc->dev);
	uxmc->dev.class = &uxmc_class;
	uxmc->dev.release = uxmc_free;
	uxmc_chardev_init(uxmc);
	return uxmc;
}

/* From here on nobody can ask for anything. */
static void uxmc_close(struct uxmc_device *uxmc)
{
	lockdep_assert_held(&uxmc->lock);
	WRITE_ONCE(uxmc->registered, false);
	wake_up_all(&uxmc->wait);
}

/* All of it that is in sysfs and /dev; nobody is told yet. */
static int uxmc_add(struct uxmc_device *uxmc, struct uxmc_dfu *dfu)
{
	int err;

	dev_set_uevent_suppress(&uxmc->dev, true);
	err = uxmc_chardev_add(uxmc);
	if (err)
		return err;
	err = uxmc_link(uxmc, dfu);
	if (err)
		uxmc_chardev_del(uxmc);
	return err;
}

/* Who hears of it finds all of it, and has heard nothing of it before. */
static void uxmc_announce(struct uxmc_device *uxmc)
{
	dev_set_uevent_suppress(&uxmc->dev, false);
	kobject_uevent(&uxmc->dev.kobj, KOBJ_ADD);

	mutex_lock(&uxmc->lock);
	uxmc->announced = true;
	uxmc_netlink_notify(uxmc, UXMC_MODULE_ADDED);
	mutex_unlock(&uxmc->lock);
}

static int uxmc_register(struct uxmc_device *uxmc, struct uxmc_dfu *dfu,
			 const struct uxmc_identity *identity)
{
	int err;

	lockdep_assert_held(&uxmc_devices_lock);
	uxmc->id = ida_alloc_max(&uxmc_numbers, UXMC_MODULES_MAX - 1, GFP_KERNEL);
	if (uxmc->id < 0)
		return uxmc->id;
	err = dev_set_name(&uxmc->dev, "uxmc%d", uxmc->id);
	if (err)
		goto free_id;

	/* Whatever user space does as soon as it can is allowed already. */
	mutex_lock(&uxmc->lock);
	uxmc_bind(uxmc, dfu, identity);
	uxmc_failure_recall(uxmc);
	WRITE_ONCE(uxmc->registered, true);
	mutex_unlock(&uxmc->lock);

	err = uxmc_add(uxmc, dfu);
	if (err)
		goto close;
	list_add_tail(&uxmc->entry, &uxmc_devices);
	uxmc_devices_generation++;
	uxmc_announce(uxmc);
	return 0;

close:
	mutex_lock(&uxmc->lock);
	uxmc_close(uxmc);
	WRITE_ONCE(uxmc->dfu, NULL);
	mutex_unlock(&uxmc->lock);
	uxmc_update_release(uxmc);
	uxmc_dfu_put(dfu);
free_id:
	ida_free(&uxmc_numbers, uxmc->id);
	return err;
}

/* A module that uxmc_close() has closed */
static void uxmc_remove(struct uxmc_device *uxmc)
{
	lockdep_assert_held(&uxmc_devices_lock);
	list_del(&uxmc->entry);
	uxmc_devices_generation++;
	uxmc_update_release(uxmc);
	uxmc_chardev_del(uxmc);
	ida_free(&uxmc_numbers, uxmc->id);

	mutex_lock(&uxmc->lock);
	uxmc_netlink_notify(uxmc, UXMC_MODULE_REMOVED);
	mutex_unlock(&uxmc->lock);
	put_device(&uxmc->dev);
}

/* A module may have no serial number in one of its modes, or in any. */
static bool uxmc_may_be(const struct uxmc_device *uxmc,
			const struct uxmc_identity *identity)
{
	return uxmc->model == identity->model &&
		(!identity->serial[0] || !uxmc->serial[0] ||
		 !strcmp(identity->serial, uxmc->serial));
}

/*
 * The module that is expected back on a port, or NULL. Where it is another one
 * that came, the update that waits is told.
 */
static struct uxmc_device *uxmc_returned(const struct uxmc_identity *identity)
{
	struct uxmc_device *uxmc;

	list_for_each_entry(uxmc, &uxmc_devices, entry) {
		if (strcmp(uxmc->port, identity->port))
			continue;
		/* Two DFU interfaces in one device: one is enough. */
		if (uxmc->dfu)
			return ERR_PTR(-ENODEV);
		if (uxmc_may_be(uxmc, identity))
			return uxmc;
		mutex_lock(&uxmc->lock);
		WRITE_ONCE(uxmc->update.other, true);
		mutex_unlock(&uxmc->lock);
		wake_up_all(&uxmc->wait);
	}
	return NULL;
}

static int uxmc_create(struct uxmc_dfu *dfu,
		       const struct uxmc_identity *identity)
{
	struct uxmc_device *uxmc = uxmc_alloc(identity);
	int err;

	if (!uxmc)
		return -ENOMEM;
	err = uxmc_register(uxmc, dfu, identity);
	if (err)
		put_device(&uxmc->dev);
	return err;
}

static void uxmc_rebind(struct uxmc_device *uxmc, struct uxmc_dfu *dfu,
			const struct uxmc_identity *identity)
{
	mutex_lock(&uxmc->lock);
	uxmc_bind(uxmc, dfu, identity);
	/* The update goes on without it. */
	if (uxmc_link(uxmc, dfu))
		dev_warn(&uxmc->dev, "no link to the interface\n");
	uxmc_netlink_notify(uxmc, UXMC_MODULE_CHANGED);
	mutex_unlock(&uxmc->lock);
	wake_up_all(&uxmc->wait);
}

/**
 * uxmc_device_attach - a DFU interface was found
 * @dfu: the interface; a reference is taken
 * @model: by its ids
 *
 * Return: 0; -ENODEV for a second DFU interface in one device; -ENOSPC or
 * -ENOMEM; an error of registering.
 */
int uxmc_device_attach(struct uxmc_dfu *dfu, const struct uxmc_model *model)
{
	struct uxmc_device *uxmc;
	struct uxmc_identity identity;
	int err;

	err = uxmc_identity_read(&identity, dfu, model);
	if (err)
		return err;
	mutex_lock(&uxmc_devices_lock);
	uxmc = uxmc_returned(&identity);
	if (IS_ERR(uxmc))
		err = PTR_ERR(uxmc);
	else if (uxmc)
		uxmc_rebind(uxmc, dfu, &identity);
	else
		err = uxmc_create(dfu, &identity);
	mutex_unlock(&uxmc_devices_lock);
	return err;
}

/* Off the bus: the end, unless the worker waits for it to be back. */
static bool uxmc_unbind(struct uxmc_device *uxmc)
{
	struct uxmc_dfu *dfu = uxmc->dfu;
	bool stays;

	mutex_lock(&uxmc->lock);
	sysfs_remove_link(&uxmc->dev.kobj, "device");
	WRITE_ONCE(uxmc->dfu, NULL);
	stays = uxmc_update_flashing(uxmc);
	if (uxmc_update_active(uxmc) && !stays)
		uxmc_update_end(uxmc, -ENODEV, "the module was unplugged");
	if (!stays) {
		uxmc_failure_remember(uxmc);
		uxmc_close(uxmc);
	}
	uxmc_netlink_notify(uxmc, UXMC_MODULE_CHANGED);
	mutex_unlock(&uxmc->lock);
	wake_up_all(&uxmc->wait);
	uxmc_dfu_put(dfu);
	return stays;
}

/**
 * uxmc_device_detach - a DFU interface goes away
 * @dfu: the interface, after uxmc_dfu_disconnect()
 */
void uxmc_device_detach(struct uxmc_dfu *dfu)
{
	struct uxmc_device *uxmc, *next;

	mutex_lock(&uxmc_devices_lock);
	list_for_each_entry_safe(uxmc, next, &uxmc_devices, entry)
		if (uxmc->dfu == dfu && !uxmc_unbind(uxmc))
			uxmc_remove(uxmc);
	mutex_unlock(&uxmc_devices_lock);
}

/**
 * uxmc_device_finish - the flashing has ended, well or not
 * @uxmc: the module
 * @err: 0, or why it failed, negative errno
 * @why: a sentence, for a failure
 *
 * The device of a module that is off the bus then is removed; if the module comes
 * back it will show what happened.
 */
void uxmc_device_finish(struct uxmc_device *uxmc, int err, const char *why)
{
	bool gone;

	mutex_lock(&uxmc_devices_lock);
	mutex_lock(&uxmc->lock);
	uxmc_update_end(uxmc, err, why);
	gone = !uxmc->dfu;
	if (gone) {
		uxmc_failure_remember(uxmc);
		uxmc_close(uxmc);
	}
	mutex_unlock(&uxmc->lock);
	if (gone)
		uxmc_remove(uxmc);
	mutex_unlock(&uxmc_devices_lock);
}

/**
 * uxmc_device_get - uxmcN
 * @id: the N
 *
 * Return: the module with a reference for uxmc_device_put(), or NULL.
 */
struct uxmc_device *uxmc_device_get(u32 id)
{
	struct uxmc_device *uxmc = uxmc_device_get_next(id, NULL);

	if (uxmc && uxmc->id != id) {
		uxmc_device_put(uxmc);
		uxmc = NULL;
	}
	return uxmc;
}

/**
 * uxmc_device_get_next - the module with the lowest number from @id on
 * @id: where to begin
 * @generation: set to a number that changes with the list, unless NULL
 *
 * Return: the module with a reference, or NULL.
 */
struct uxmc_device *uxmc_device_get_next(u32 id, unsigned int *generation)
{
	struct uxmc_device *uxmc, *best = NULL;

	mutex_lock(&uxmc_devices_lock);
	list_for_each_entry(uxmc, &uxmc_devices, entry)
		if (uxmc->id >= id && (!best || uxmc->id < best->id))
			best = uxmc;
	if (best)
		get_device(&best->dev);
	if (generation)
		*generation = uxmc_devices_generation;
	mutex_unlock(&uxmc_devices_lock);
	return best;
}

void uxmc_device_put(struct uxmc_device *uxmc)
{
	put_device(&uxmc->dev);
}

/**
 * uxmc_device_set_firmware_uxm - uxmcd says what the setting is
 * @uxmc: the module
 * @value: the URL, or an empty string
 * @extack: for the reason of a refusal
 *
 * Return: 0, or -ENODEV.
 */
int uxmc_device_set_firmware_uxm(struct uxmc_device *uxmc, const char *value,
				 struct netlink_ext_ack *extack)
{
	int err = 0;

	mutex_lock(&uxmc->lock);
	if (uxmc->registered) {
		strscpy(uxmc->firmware_uxm, value,
			sizeof(uxmc->firmware_uxm));
		uxmc->cleared = false;
		uxmc_netlink_notify(uxmc, UXMC_MODULE_CHANGED);
	} else {
		NL_SET_ERR_MSG(extack, "the module has been unplugged");
		err = -ENODEV;
	}
	mutex_unlock(&uxmc->lock);
	return err;
}

/**
 * uxmc_device_clear_firmware_uxm - a person clears the setting
 * @uxmc: the module
 *
 * It is uxmcd's to store, so it is told.
 *
 * Return: 0; -EBUSY during an update, which is about to set it; or -ENODEV.
 */
int uxmc_device_clear_firmware_uxm(struct uxmc_device *uxmc)
{
	int err = 0;

	mutex_lock(&uxmc->lock);
	if (!uxmc->registered) {
		err = -ENODEV;
	} else if (uxmc_update_active(uxmc)) {
		err = -EBUSY;
	} else {
		uxmc->firmware_uxm[0] = '\0';
		uxmc->cleared = true;
		uxmc_netlink_notify(uxmc, UXMC_MODULE_CHANGED);
		uxmc_sysfs_uevent(uxmc, "UXMC_EVENT=clear");
	}
	mutex_unlock(&uxmc->lock);
	return err;
}
