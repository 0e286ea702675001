/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What usbredir is told of a device: what the device says when it is asked by
 * chapter 9's requests, as any host asks.
 */
#ifndef SIM_USBREDIR_INFO_H
#define SIM_USBREDIR_INFO_H

#include <usbredirproto.h>

#include "transport.h"

/* A request without data to send; gives what serving it gave. */
int usbredir_ask(const struct device *device, uint8_t type, uint8_t request,
		 uint16_t value, uint16_t index, uint16_t length, uint8_t *reply);

/* The device descriptor, in usbredir's form. */
void usbredir_get_device(const struct device *device,
			 struct usb_redir_device_connect_header *connect);

/* The interfaces and endpoints of the configuration. */
void usbredir_get_layout(const struct device *device,
			 struct usb_redir_interface_info_header *interfaces,
			 struct usb_redir_ep_info_header *endpoints);

#endif
