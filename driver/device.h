/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A module as user space sees it: uxmcN. It is known by its port, not by its
 * USB device, and so stays while an update takes it off the bus and back.
 */
#ifndef _UXMC_DEVICE_H
#define _UXMC_DEVICE_H

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/wait.h>

#include "update.h"

struct uxmc_dfu;
struct usb_interface;

#define UXMC_PORT_MAX	31

/**
 * struct uxmc_model - what differs between models
 * @name: "D7C"
 * @product: idProduct in application and in DFU mode
 */
struct uxmc_model {
	const char *name;
	u16 product[2];
};

/**
 * struct uxmc_device - one module, uxmcN
 * @dev: uxmcN in the class; its references keep the module
 * @cdev: /dev/uxmcN
 * @entry: in the list of modules, under its lock
 * @id: the N
 * @model: never NULL
 * @port: bus and port path, such as "1-1.2"
 * @serial: serial number, empty if none; set when it is first known
 * @lock: everything below
 * @registered: user space may ask for something: from just before @dev is
 *	added until just before it is removed
 * @announced: user space has been told of it
 * @dfu: its DFU interface while it is on the bus, else NULL
 * @mode: the last known one
 * @version: of the firmware when last in application mode, may be empty
 * @version_is_bcd: @version is from bcdDevice, where the dots are lost
 * @firmware_uxm: the setting to show
 * @cleared: the setting was cleared here, and uxmcd has not said it knows
 * @files: open /dev/uxmcN
 * @sequence: of the last event for them
 * @update: the current or last update
 * @wait: woken when @dfu, @registered, @update.other or what a file can read
 *	changes
 */
struct uxmc_device {
	struct device dev;
	struct cdev cdev;
	struct list_head entry;
	int id;
	const struct uxmc_model *model;
	char port[UXMC_PORT_MAX + 1];
	char serial[UXMC_SERIAL_MAX + 1];

	struct mutex lock; /* see @lock above */
	bool registered;
	bool announced;
	struct uxmc_dfu *dfu;
	enum uxmc_mode mode;
	char version[UXMC_VERSION_MAX + 1];
	bool version_is_bcd;
	char firmware_uxm[UXMC_URL_MAX + 1];
	bool cleared;
	struct list_head files;
	u64 sequence;
	struct uxmc_update update;

	wait_queue_head_t wait;
};

#define dev_to_uxmc(d)	container_of(d, struct uxmc_device, dev)

int uxmc_devices_init(void);
void uxmc_devices_exit(void);

int uxmc_device_attach(struct uxmc_dfu *dfu, const struct uxmc_model *model);
void uxmc_device_detach(struct uxmc_dfu *dfu);
void uxmc_device_finish(struct uxmc_device *uxmc, int err, const char *why);

struct uxmc_device *uxmc_device_get(u32 id);
struct uxmc_device *uxmc_device_get_next(u32 id, unsigned int *generation);
void uxmc_device_put(struct uxmc_device *uxmc);

int uxmc_device_set_firmware_uxm(struct uxmc_device *uxmc, const char *value,
				 struct netlink_ext_ack *extack);
int uxmc_device_clear_firmware_uxm(struct uxmc_device *uxmc);
bool uxmc_device_runs(struct uxmc_device *uxmc, const char *version);

#endif /* _UXMC_DEVICE_H */
