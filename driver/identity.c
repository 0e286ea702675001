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

/* Its prefix, the longest version, and one more, which says that it is longer */
#define STRING_SIZE	(sizeof(VERSION_PREFIX) + UXMC_VERSION_MAX + 1)

#define READ_TRIES	3

/* Nothing that a device says about itself reaches logs or user space raw. */
static void copy_printable(char *to, size_t size, const char *from)
{
	size_t i;

	for (i = 0; i < size - 1 && from[i]; i++)
		to[i] = isascii(from[i]) && isprint(from[i]) ? from[i] : '?';
	to[i] = '\0';
}

/*
 * The length of a string, or a negative errno. What went wrong on the bus may go
 * well the next time; what was stalled or not answered has had its time.
 */
static int read_string(struct usb_device *udev, u8 index, char *to, size_t size)
{
	int tries = 0, ret;

	do
		ret = usb_string(udev, index, to, size);
	while ((ret == -EPROTO || ret == -EILSEQ || ret == -EOVERFLOW) &&
	       ++tries < READ_TRIES);
	return ret;
}

/* What the USB core has read; if it could not, it may go well now. */
static int read_serial(struct uxmc_identity *identity, struct usb_device *udev)
{
	const u8 index = udev->descriptor.iSerialNumber;
	char *serial = identity->serial;
	int ret = 0;

	if (udev->serial)
		strscpy(serial, udev->serial, sizeof(identity->serial));
	else if (index)
		ret = read_string(udev, index, serial,
				  sizeof(identity->serial));
	copy_printable(serial, sizeof(identity->serial), serial);
	return ret == -ENOMEM ? ret : 0;
}

static void use_bcd_device(struct uxmc_identity *identity, u16 bcd)
{
	identity->version_is_bcd = true;
	snprintf(identity->version, sizeof(identity->version), "%x.%02x",
		 bcd >> 8, bcd & 0xff);
}

/*
 * "UXMC firmware 1.6.1" says it. Where no string, or another one, is there it is
 * bcdDevice, 0x0161 being 1.61. A version that cannot be read, or is too long, is
 * not known: bcdDevice may be another one.
 */
static int read_version(struct uxmc_identity *identity,
			const struct uxmc_dfu *dfu)
{
	const u8 index = dfu->intf->cur_altsetting->desc.iInterface;
	const u16 bcd = le16_to_cpu(dfu->udev->descriptor.bcdDevice);
	const size_t prefix = strlen(VERSION_PREFIX);
	char text[STRING_SIZE] = "";
	int ret;

	if (!index) {
		use_bcd_device(identity, bcd);
		return 0;
	}
	ret = read_string(dfu->udev, index, text, sizeof(text));
	if (ret < 0)
		return ret == -ENOMEM ? ret : 0;
	if (strncmp(text, VERSION_PREFIX, prefix) || !text[prefix])
		use_bcd_device(identity, bcd);
	else if (strlen(text + prefix) <= UXMC_VERSION_MAX)
		copy_printable(identity->version, sizeof(identity->version),
			       text + prefix);
	return 0;
}

/**
 * uxmc_identity_read - ask a device who it is
 * @identity: filled in
 * @dfu: its DFU interface
 * @model: by its ids
 *
 * Context: with transfers on the bus, hence before any lock is taken.
 * Return: 0; -ENOMEM, for without memory it would seem to be another one.
 */
int uxmc_identity_read(struct uxmc_identity *identity,
		       const struct uxmc_dfu *dfu,
		       const struct uxmc_model *model)
{
	int err;

	memset(identity, 0, sizeof(*identity));
	identity->model = model;
	identity->port = dev_name(&dfu->udev->dev);
	err = read_serial(identity, dfu->udev);
	if (!err && dfu->runtime)
		err = read_version(identity, dfu);
	return err;
}
