// SPDX-License-Identifier: GPL-2.0-only
/*
 * The panel: keys and their display. It is claimed, so that nobody else writes
 * to it; its messages are not defined yet.
 */
#include <linux/usb.h>

#include "panel.h"

static bool is_panel(struct usb_interface *intf)
{
	const struct usb_interface_descriptor *desc =
		&intf->cur_altsetting->desc;
	struct usb_endpoint_descriptor *bulk_out, *int_in;

	return desc->bInterfaceClass == USB_CLASS_VENDOR_SPEC &&
		desc->bInterfaceSubClass == 0 &&
		desc->bInterfaceProtocol == 0 &&
		!usb_find_common_endpoints(intf->cur_altsetting, NULL,
					   &bulk_out, &int_in, NULL);
}

/**
 * uxmc_panel_claim - take the panel that belongs to a DFU interface
 * @driver: who takes it
 * @dfu_intf: the DFU interface, being probed
 *
 * Return: the panel's interface, or NULL where there is none to be had.
 */
struct usb_interface *uxmc_panel_claim(struct usb_driver *driver,
				       struct usb_interface *dfu_intf)
{
	struct usb_host_config *config =
		interface_to_usbdev(dfu_intf)->actconfig;
	int i;

	for (i = 0; i < config->desc.bNumInterfaces; i++) {
		struct usb_interface *intf = config->interface[i];

		/* No data: what is anchored on the DFU interface ends there. */
		if (intf != dfu_intf && is_panel(intf) &&
		    !usb_driver_claim_interface(driver, intf, NULL))
			return intf;
	}
	return NULL;
}

void uxmc_panel_release(struct usb_driver *driver, struct usb_interface *panel)
{
	usb_driver_release_interface(driver, panel);
}
