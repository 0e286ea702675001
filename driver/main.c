// SPDX-License-Identifier: GPL-2.0-only
/*
 * Driver for Snom UXMC expansion modules (D7C, D8C): what it binds to, and probe,
 * disconnect, suspend and reset of USB interfaces.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/usb.h>

#include "chardev.h"
#include "dfu.h"
#include "device.h"
#include "netlink.h"
#include "failure.h"
#include "power.h"

/*
 * Every number that a real module may disprove: ids here, times in timing.c. The
 * vendor id is Snom's; Snom has not published the product ids.
 */
#define USB_VENDOR_ID_SNOM	0x251c

static const struct uxmc_model uxmc_d7c = {
	.name = "D7C",
	.product = { 0xd7c0, 0xd7c1 },
};

static const struct uxmc_model uxmc_d8c = {
	.name = "D8C",
	.product = { 0xd8c0, 0xd8c1 },
};

/* The DFU interface in either mode: the protocol tells which it is. */
#define UXMC_DEVICE(id, model) \
	.match_flags = USB_DEVICE_ID_MATCH_DEVICE | \
		       USB_DEVICE_ID_MATCH_INT_CLASS | \
		       USB_DEVICE_ID_MATCH_INT_SUBCLASS, \
	.idVendor = USB_VENDOR_ID_SNOM, \
	.idProduct = (id), \
	.bInterfaceClass = UXMC_USB_CLASS_DFU, \
	.bInterfaceSubClass = UXMC_USB_SUBCLASS_DFU, \
	.driver_info = (kernel_ulong_t)(model)

static const struct usb_device_id uxmc_id_table[] = {
	{ UXMC_DEVICE(0xd7c0, &uxmc_d7c) },
	{ UXMC_DEVICE(0xd7c1, &uxmc_d7c) },
	{ UXMC_DEVICE(0xd8c0, &uxmc_d8c) },
	{ UXMC_DEVICE(0xd8c1, &uxmc_d8c) },
	{ }
};
MODULE_DEVICE_TABLE(usb, uxmc_id_table);

static int uxmc_probe(struct usb_interface *intf,
		      const struct usb_device_id *id)
{
	const struct usb_interface_descriptor *desc =
		&intf->cur_altsetting->desc;
	const struct uxmc_model *model = (const void *)id->driver_info;
	struct uxmc_dfu *dfu;
	int err;

	/* Ids that were added by hand may match any interface. */
	if (desc->bInterfaceClass != UXMC_USB_CLASS_DFU ||
	    desc->bInterfaceSubClass != UXMC_USB_SUBCLASS_DFU)
		return -ENODEV;

	dfu = uxmc_dfu_create(intf);
	if (!dfu)
		return -ENOMEM;
	usb_set_intfdata(intf, dfu);
	/* Last, for it is told to user space, which finds all in place. */
	err = uxmc_device_attach(dfu, model ? model : &uxmc_d7c);
	if (err) {
		usb_set_intfdata(intf, NULL);
		uxmc_dfu_put(dfu);
	}
	return err;
}

static void uxmc_disconnect(struct usb_interface *intf)
{
	struct uxmc_dfu *dfu = usb_get_intfdata(intf);

	usb_set_intfdata(intf, NULL);
	uxmc_dfu_disconnect(dfu);
	uxmc_device_detach(dfu);
	uxmc_dfu_put(dfu);
}

/* Runtime suspend comes when nobody uses the module: nothing is to be stopped. */
static int uxmc_suspend(struct usb_interface *intf, pm_message_t message)
{
	if (!PMSG_IS_AUTO(message))
		uxmc_dfu_suspend(usb_get_intfdata(intf));
	return 0;
}

static int uxmc_resume(struct usb_interface *intf)
{
	uxmc_dfu_resume(usb_get_intfdata(intf));
	return 0;
}

static int uxmc_pre_reset(struct usb_interface *intf)
{
	uxmc_dfu_pre_reset(usb_get_intfdata(intf));
	return 0;
}

static int uxmc_post_reset(struct usb_interface *intf)
{
	uxmc_dfu_post_reset(usb_get_intfdata(intf));
	return 0;
}

static struct usb_driver uxmc_driver = {
	.name = "uxmc",
	.id_table = uxmc_id_table,
	.probe = uxmc_probe,
	.disconnect = uxmc_disconnect,
	.suspend = uxmc_suspend,
	.resume = uxmc_resume,
	.reset_resume = uxmc_resume,
	.pre_reset = uxmc_pre_reset,
	.post_reset = uxmc_post_reset,
	.supports_autosuspend = 1,
};

static int __init uxmc_init(void)
{
	int err;

	err = uxmc_chardev_init_region();
	if (err)
		return err;
	err = uxmc_devices_init();
	if (err)
		goto exit_region;
	err = uxmc_updates_init();
	if (err)
		goto exit_modules;
	err = uxmc_power_init();
	if (err)
		goto exit_updates;
	err = uxmc_netlink_init();
	if (err)
		goto exit_power;
	err = usb_register(&uxmc_driver);
	if (err)
		goto exit_netlink;
	return 0;

exit_netlink:
	uxmc_netlink_exit();
exit_power:
	uxmc_power_exit();
exit_updates:
	uxmc_updates_exit();
exit_modules:
	uxmc_devices_exit();
exit_region:
	uxmc_chardev_exit_region();
	return err;
}

static void __exit uxmc_exit(void)
{
	usb_deregister(&uxmc_driver);
	uxmc_netlink_exit();
	uxmc_power_exit();
	uxmc_updates_exit();
	uxmc_failure_exit();
	uxmc_devices_exit();
	uxmc_chardev_exit_region();
}

module_init(uxmc_init);
module_exit(uxmc_exit);

MODULE_DESCRIPTION("Snom UXMC expansion modules");
MODULE_VERSION(UXMC_VERSION);
MODULE_LICENSE("GPL");
