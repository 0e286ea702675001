/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _UXMC_PANEL_H
#define _UXMC_PANEL_H

struct usb_driver;
struct usb_interface;

struct usb_interface *uxmc_panel_claim(struct usb_driver *driver,
				       struct usb_interface *dfu_intf);
void uxmc_panel_release(struct usb_driver *driver, struct usb_interface *panel);

#endif /* _UXMC_PANEL_H */
