/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module as a USB device: chapter 9, and who gets which request. */
#ifndef SIM_USB_H
#define SIM_USB_H

#include "vhci.h"

/* The device has no configuration: it was plugged in, or reset. */
void usb_start(void);

/* For vhci_receive(). */
int usb_serve(const struct urb *urb, uint8_t *reply);

#endif
