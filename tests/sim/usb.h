/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module as a USB device: chapter 9, and who gets which request. */
#ifndef SIM_USB_H
#define SIM_USB_H

#include "transport.h"

/* The device has no configuration: it was plugged in, or reset. */
void usb_start(void);

/* For the transport. */
int usb_serve(const struct urb *urb, uint8_t *reply);

/*
 * The host has reset the device. What enumerates a device may do so several
 * times (Linux twice, and QEMU's xhci each time that the device is given an
 * address): up to its configuration they are one reset.
 */
void usb_reset(void);

#endif
