// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <string.h>

#include "usbredir_info.h"

#define MAX_ENDPOINTS	32
#define MAX_INTERFACES	32

int usbredir_ask(const struct device *device, uint8_t type, uint8_t request,
		 uint16_t value, uint16_t index, uint16_t length, uint8_t *reply)
{
	const struct urb urb = {
		.in = (type & USB_DIR_IN) != 0,
		.length = length,
		.setup = {
			.bRequestType = type,
			.bRequest = request,
			.wValue = htole16(value),
			.wIndex = htole16(index),
			.wLength = htole16(length),
		},
	};

	return device->serve(&urb, reply);
}

static int ask_descriptor(const struct device *device, uint8_t type,
			  uint16_t length, uint8_t *reply)
{
	return usbredir_ask(device, USB_DIR_IN, USB_REQ_GET_DESCRIPTOR,
			    (uint16_t)(type << 8), 0, length, reply);
}

void usbredir_get_device(const struct device *device,
			 struct usb_redir_device_connect_header *connect)
{
	uint8_t reply[URB_REPLY_MAX] = { 0 };

	(void)ask_descriptor(device, USB_DT_DEVICE, USB_DT_DEVICE_SIZE, reply);
	connect->device_class = reply[4];
	connect->device_subclass = reply[5];
	connect->device_protocol = reply[6];
	connect->vendor_id = (uint16_t)(reply[8] | reply[9] << 8);
	connect->product_id = (uint16_t)(reply[10] | reply[11] << 8);
	connect->device_version_bcd = (uint16_t)(reply[12] | reply[13] << 8);
}

/* An endpoint's place in the arrays of usbredir. */
static unsigned int slot(uint8_t endpoint)
{
	return (endpoint & USB_DIR_IN ? MAX_ENDPOINTS / 2 : 0) +
	       (endpoint & USB_ENDPOINT_NUMBER_MASK);
}

static void add_interface(struct usb_redir_interface_info_header *info,
			  const uint8_t *at)
{
	const unsigned int i = info->interface_count++;

	info->interface[i] = at[2];
	info->interface_class[i] = at[5];
	info->interface_subclass[i] = at[6];
	info->interface_protocol[i] = at[7];
}

static void add_endpoint(struct usb_redir_ep_info_header *info,
			 uint8_t interface, const uint8_t *at)
{
	const unsigned int i = slot(at[2]);

	info->type[i] = at[3] & USB_ENDPOINT_XFERTYPE_MASK;
	info->interval[i] = at[6];
	info->interface[i] = interface;
	info->max_packet_size[i] = (uint16_t)(at[4] | at[5] << 8);
}

void usbredir_get_layout(const struct device *device,
			 struct usb_redir_interface_info_header *interfaces,
			 struct usb_redir_ep_info_header *endpoints)
{
	uint8_t config[URB_REPLY_MAX], interface = 0;
	int at, length;

	memset(interfaces, 0, sizeof(*interfaces));
	memset(endpoints, 0, sizeof(*endpoints));
	memset(endpoints->type, usb_redir_type_invalid, MAX_ENDPOINTS);
	endpoints->type[slot(0)] = usb_redir_type_control;
	endpoints->type[slot(USB_DIR_IN)] = usb_redir_type_control;

	length = ask_descriptor(device, USB_DT_CONFIG, sizeof(config), config);
	for (at = 0; at + 1 < length && config[at]; at += config[at]) {
		if (config[at + 1] == USB_DT_INTERFACE &&
		    interfaces->interface_count < MAX_INTERFACES) {
			interface = config[at + 2];
			add_interface(interfaces, config + at);
		} else if (config[at + 1] == USB_DT_ENDPOINT) {
			add_endpoint(endpoints, interface, config + at);
		}
	}
}
