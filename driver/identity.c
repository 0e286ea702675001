// SPDX-License-Identifier: GPL-2.0-only
/*
 * Identity: what a module says about itself when it appears on the bus.
 */
#include <linux/ctype.h>
#include <linux/slab.h>
#include <linux/usb.h>

#include "dfu.h"
#include "identity.h"

#define VERSION_PREFIX	"UXMC firmware "
#define USB_STRING_MAX	(127 * 3 + 1)	/* UTF-16 in 255 bytes, as UTF-8 */

/* Nothing that a device says about itself reaches logs or user space raw. */
static void copy_printable(char *to, size_t size, const char *from)
{
	size_t i;

	for (i = 0; i < size - 1 && from[i]; i++)
		to[i] = isascii(from[i]) && isprint(from[i]) ? from[i] : '?';
	to[i] = '\0';
}

/* "UXMC firmware 1.6.1" says it; else bcdDevice, 0x0161 being 1.61. */
static void read_version(struct uxmc_identity *identity,
			 const struct uxmc_dfu *dfu)
{
	u8 index = dfu->intf->cur_altsetting->desc.iInterface;
	u16 bcd = le16_to_cpu(dfu->udev->descriptor.bcdDevice);
	size_t prefix = strlen(VERSION_PREFIX);
	char *text = kmalloc(USB_STRING_MAX, GFP_KERNEL);

	if (text && index &&
	    usb_string(dfu->udev, index, text, USB_STRING_MAX) > 0 &&
	    !strncmp(text, VERSION_PREFIX, prefix)) {
		copy_printable(identity->version, sizeof(identity->version),
			       text + prefix);
	} else {
		identity->version_is_bcd = true;
		snprintf(identity->version, sizeof(identity->version),
			 "%x.%02x", bcd >> 8, bcd & 0xff);
	}
	kfree(text);
}

/**
 * uxmc_identity_read - ask a device who it is
 * @identity: filled in
 * @dfu: its DFU interface
 * @model: by its ids
 *
 * Context: with transfers on the bus, hence before any lock is taken.
 */
void uxmc_identity_read(struct uxmc_identity *identity,
			const struct uxmc_dfu *dfu,
			const struct uxmc_model *model)
{
	memset(identity, 0, sizeof(*identity));
	identity->model = model;
	identity->port = dev_name(&dfu->udev->dev);
	if (dfu->udev->serial)
		copy_printable(identity->serial, sizeof(identity->serial),
			       dfu->udev->serial);
	if (dfu->runtime)
		read_version(identity, dfu);
}
