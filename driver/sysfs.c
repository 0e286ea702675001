// SPDX-License-Identifier: GPL-2.0-only
/* /sys/class/uxmc/uxmcN, as described in ABI/sysfs-class-uxmc */
#include <linux/slab.h>
#include <linux/string.h>

#include "device.h"
#include "sysfs.h"
#include "url.h"

/* An attribute that shows one expression of the module, under its lock */
#define SHOW(name, format, ...)						\
static ssize_t name##_show(struct device *dev,				\
			   struct device_attribute *attr, char *buf)	\
{									\
	struct uxmc_device *uxmc = dev_to_uxmc(dev);		\
	int len;							\
									\
	mutex_lock(&uxmc->lock);					\
	len = sysfs_emit(buf, format "\n", __VA_ARGS__);		\
	mutex_unlock(&uxmc->lock);					\
	return len;							\
}

SHOW(firmware_version, "%s", uxmc->version)
SHOW(model, "%s", uxmc->model->name)
SHOW(serial_number, "%s", uxmc->serial)
SHOW(port, "%s", uxmc->port)
SHOW(mode, "%s", uxmc->mode == UXMC_MODE_DFU ? "dfu" : "application")
SHOW(update_state, "%s", uxmc_state_name(uxmc->update.state))
SHOW(update_progress, "%llu %llu", uxmc->update.done, uxmc->update.total)
SHOW(update_error, "%s", uxmc->update.message)

/* Anybody may read it, so it has no password in it. */
static ssize_t firmware_uxm_show(struct device *dev,
				 struct device_attribute *attr, char *buf)
{
	struct uxmc_device *uxmc = dev_to_uxmc(dev);
	int len;

	mutex_lock(&uxmc->lock);
	len = uxmc_url_hide(buf, UXMC_URL_MAX + 1, uxmc->firmware_uxm);
	mutex_unlock(&uxmc->lock);
	return len + sysfs_emit_at(buf, len, "\n");
}

/* Not strim()'s, which are Latin-1's, with a byte of UTF-8 among them */
#define BLANKS	" \t\r\n"

/* The shell adds a newline, people add blanks. */
static char *copy_stripped(const char *buf, size_t count)
{
	size_t start = strspn(buf, BLANKS);
	char *copy;

	if (strlen(buf) != count)
		return ERR_PTR(-EINVAL);
	while (count > start && strchr(BLANKS, buf[count - 1]))
		count--;
	copy = kmemdup_nul(buf + start, count - start, GFP_KERNEL);
	return copy ? copy : ERR_PTR(-ENOMEM);
}

static ssize_t firmware_uxm_store(struct device *dev,
				  struct device_attribute *attr,
				  const char *buf, size_t count)
{
	struct uxmc_device *uxmc = dev_to_uxmc(dev);
	char *url = copy_stripped(buf, count);
	int err;

	if (IS_ERR(url))
		return PTR_ERR(url);
	if (*url)
		err = uxmc_update_request(uxmc, url, NULL);
	else
		err = uxmc_device_clear_firmware_uxm(uxmc);
	kfree(url);
	return err ? err : count;
}

static ssize_t update_cancel_store(struct device *dev,
				   struct device_attribute *attr,
				   const char *buf, size_t count)
{
	int err = uxmc_update_cancel(dev_to_uxmc(dev), NULL);

	return err ? err : count;
}

static DEVICE_ATTR_RW(firmware_uxm);
static DEVICE_ATTR_RO(firmware_version);
static DEVICE_ATTR_RO(model);
static DEVICE_ATTR_RO(serial_number);
static DEVICE_ATTR_RO(port);
static DEVICE_ATTR_RO(mode);
static DEVICE_ATTR_RO(update_state);
static DEVICE_ATTR_RO(update_progress);
static DEVICE_ATTR_RO(update_error);
static DEVICE_ATTR_WO(update_cancel);

static struct attribute *uxmc_attrs[] = {
	&dev_attr_firmware_uxm.attr,
	&dev_attr_firmware_version.attr,
	&dev_attr_model.attr,
	&dev_attr_serial_number.attr,
	&dev_attr_port.attr,
	&dev_attr_mode.attr,
	&dev_attr_update_state.attr,
	&dev_attr_update_progress.attr,
	&dev_attr_update_error.attr,
	&dev_attr_update_cancel.attr,
	NULL
};

static const struct attribute_group uxmc_group = {
	.attrs = uxmc_attrs,
};

const struct attribute_group *uxmc_sysfs_groups[] = {
	&uxmc_group,
	NULL
};

/**
 * uxmc_sysfs_uevent - something that may have to start uxmcd
 * @uxmc: the module
 * @variable: what, such as "UXMC_EVENT=request"
 */
void uxmc_sysfs_uevent(struct uxmc_device *uxmc, char *variable)
{
	char *environment[2] = { variable, NULL };

	kobject_uevent_env(&uxmc->dev.kobj, KOBJ_CHANGE, environment);
}
