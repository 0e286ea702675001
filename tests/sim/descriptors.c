// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <errno.h>
#include <linux/usb/ch9.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors.h"
#include "dfu.h"
#include "faults.h"
#include "flash.h"
#include "module.h"

#define VENDOR_SNOM	0x251c
#define LANG_EN_US	0x0409

enum string {
	STRING_NONE,
	STRING_MANUFACTURER,
	STRING_PRODUCT,
	STRING_SERIAL,
	STRING_DFU,
	STRING_PANEL,
};

static bool has_panel(void)
{
	return module_mode() == MODE_APPLICATION && module_options.panel;
}

uint8_t dfu_interface(void)
{
	return has_panel() ? PANEL_INTERFACE + 1 : PANEL_INTERFACE;
}

static uint16_t product(void)
{
	const bool dfu = module_mode() == MODE_DFU;
	const unsigned int given = dfu ? module_options.dfu_product :
					 module_options.product;

	if (given)
		return (uint16_t)given;
	if (!strcmp(module_options.model, "D8C"))
		return dfu ? 0xd8c1 : 0xd8c0;
	return dfu ? 0xd7c1 : 0xd7c0;
}

static unsigned long up_to(unsigned long value, unsigned long max)
{
	return value < max ? value : max;
}

/* 1.6.1 is 0x0161, and so is 1.61; what does not fit is made as large as fits. */
static uint16_t bcd_version(void)
{
	unsigned long part[3] = { 0 };
	const char *at = flash.version;
	unsigned int i;
	char *end;

	for (i = 0; i < 3; i++) {
		part[i] = strtoul(at, &end, 10);
		if (*end != '.')
			break;
		at = end + 1;
	}

	if (i == 1 && part[1] > 9) {
		part[2] = part[1] % 10;
		part[1] /= 10;
	}
	part[0] = up_to(part[0], 99);
	return (uint16_t)((part[0] / 10) << 12 | (part[0] % 10) << 8 |
			  up_to(part[1], 9) << 4 | up_to(part[2], 9));
}

static int get_device(uint8_t *to)
{
	const struct usb_device_descriptor device = {
		.bLength = USB_DT_DEVICE_SIZE,
		.bDescriptorType = USB_DT_DEVICE,
		.bcdUSB = htole16(0x0200),
		.bMaxPacketSize0 = 64,
		.idVendor = htole16(VENDOR_SNOM),
		.idProduct = htole16(product()),
		.bcdDevice = htole16(bcd_version()),
		.iManufacturer = STRING_MANUFACTURER,
		.iProduct = STRING_PRODUCT,
		.iSerialNumber = module_serial() ? STRING_SERIAL : STRING_NONE,
		.bNumConfigurations = 1,
	};

	memcpy(to, &device, sizeof(device));
	return sizeof(device);
}

/* What a module at another speed would say; one of full speed has no other. */
static int get_qualifier(uint8_t *to)
{
	const struct usb_qualifier_descriptor qualifier = {
		.bLength = sizeof(qualifier),
		.bDescriptorType = USB_DT_DEVICE_QUALIFIER,
		.bcdUSB = htole16(0x0200),
		.bMaxPacketSize0 = 64,
		.bNumConfigurations = 1,
	};

	memcpy(to, &qualifier, sizeof(qualifier));
	return sizeof(qualifier);
}

static bool has_bad_descriptor(void)
{
	return fault_strikes(FAULT_BAD_DESCRIPTOR) ||
	       (module_mode() == MODE_DFU &&
		fault_strikes(FAULT_BAD_DESCRIPTOR_DFU));
}

static unsigned int announced_transfer_size(void)
{
	if (fault_strikes(FAULT_ZERO_TRANSFER_SIZE))
		return 0;
	if (fault_strikes(FAULT_HUGE_TRANSFER_SIZE))
		return 65535;
	return module_options.transfer_size;
}

/* DFU 1.1 section 4.1.3 */
static int get_functional(uint8_t *to)
{
	const unsigned int size = announced_transfer_size();
	const uint8_t length = has_bad_descriptor() ? 3 : 9;
	const uint8_t functional[9] = {
		length,
		DFU_DT_FUNCTIONAL,
		DFU_CAN_DNLOAD |
		(module_options.tolerant ? DFU_MANIFESTATION_TOLERANT : 0) |
		(module_options.will_detach ? DFU_WILL_DETACH : 0),
		(uint8_t)module_options.detach_ms,
		(uint8_t)(module_options.detach_ms >> 8),
		(uint8_t)size,
		(uint8_t)(size >> 8),
		DFU_VERSION_1_1 & 0xff,
		DFU_VERSION_1_1 >> 8,
	};

	memcpy(to, functional, length);
	return length;
}

static int put_interface(uint8_t *to, uint8_t class, uint8_t subclass,
			 uint8_t protocol, enum string string)
{
	const struct usb_interface_descriptor interface = {
		.bLength = USB_DT_INTERFACE_SIZE,
		.bDescriptorType = USB_DT_INTERFACE,
		.bInterfaceNumber = string == STRING_PANEL ? PANEL_INTERFACE :
							     dfu_interface(),
		.bNumEndpoints = string == STRING_PANEL ? 2 : 0,
		.bInterfaceClass = class,
		.bInterfaceSubClass = subclass,
		.bInterfaceProtocol = protocol,
		.iInterface = (uint8_t)string,
	};

	memcpy(to, &interface, sizeof(interface));
	return sizeof(interface);
}

static bool full_speed(void)
{
	return module_options.speed == USB_SPEED_FULL;
}

/* USB 2.0, sections 5.8.3 and 9.6.6: packets of 512 or 64 bytes, 1 ms either way. */
static int put_panel(uint8_t *to)
{
	const uint16_t bulk = full_speed() ? 64 : 512;
	const uint8_t interval = full_speed() ? 1 : 4;
	const uint8_t endpoints[] = {
		USB_DT_ENDPOINT_SIZE, USB_DT_ENDPOINT, PANEL_IN,
		USB_ENDPOINT_XFER_INT, 8, 0, interval,
		USB_DT_ENDPOINT_SIZE, USB_DT_ENDPOINT, PANEL_OUT,
		USB_ENDPOINT_XFER_BULK, bulk & 0xff, (uint8_t)(bulk >> 8), 0,
	};
	int length;

	length = put_interface(to, USB_CLASS_VENDOR_SPEC, 0, 0, STRING_PANEL);
	memcpy(to + length, endpoints, sizeof(endpoints));
	return length + (int)sizeof(endpoints);
}

/* One descriptor for each alternate setting, the functional one behind the last */
static int put_dfu(uint8_t *to)
{
	const bool dfu = module_mode() == MODE_DFU;
	const bool named = dfu || module_options.version_string;
	const unsigned int alternates = dfu ? module_options.alternates : 1;
	int length = 0;
	unsigned int i;

	for (i = 0; i < alternates; i++) {
		uint8_t *at = to + length;

		length += put_interface(at, USB_CLASS_APP_SPEC, DFU_SUBCLASS,
					dfu ? DFU_PROTOCOL_DFU :
					      DFU_PROTOCOL_RUNTIME,
					named ? STRING_DFU : STRING_NONE);
		at[offsetof(struct usb_interface_descriptor,
			    bAlternateSetting)] = (uint8_t)i;
	}
	return length + get_functional(to + length);
}

static int get_configuration(uint8_t *to, uint8_t type)
{
	struct usb_config_descriptor config = {
		.bLength = USB_DT_CONFIG_SIZE,
		.bDescriptorType = type,
		.bNumInterfaces = (uint8_t)(dfu_interface() + 1),
		.bConfigurationValue = CONFIGURATION_VALUE,
		.bmAttributes = USB_CONFIG_ATT_ONE,
		.bMaxPower = 250,
	};
	int length = USB_DT_CONFIG_SIZE;

	if (has_panel())
		length += put_panel(to + length);
	length += put_dfu(to + length);

	config.wTotalLength = htole16((uint16_t)length);
	memcpy(to, &config, USB_DT_CONFIG_SIZE);
	return length;
}

static const char *string(uint8_t index, char *buffer, size_t size)
{
	switch (index) {
	case STRING_MANUFACTURER:
		return "Snom (simulated)";
	case STRING_PRODUCT:
		(void)snprintf(buffer, size, "%s expansion module",
			       module_options.model);
		return buffer;
	case STRING_SERIAL:
		return module_serial();
	case STRING_DFU:
		if (module_mode() == MODE_DFU)
			return "UXMC DFU";
		if (fault_strikes(FAULT_VERSION_STALL))
			return NULL;
		(void)snprintf(buffer, size, "UXMC firmware %s",
			       flash.version);
		return buffer;
	case STRING_PANEL:
		return has_panel() ? "UXMC panel" : NULL;
	default:
		return NULL;
	}
}

static int get_string(uint8_t index, uint8_t *to)
{
	char buffer[128];
	const char *text;
	size_t i, length;

	to[1] = USB_DT_STRING;
	if (!index) {
		to[0] = 4;
		to[2] = LANG_EN_US & 0xff;
		to[3] = LANG_EN_US >> 8;
		return to[0];
	}

	text = string(index, buffer, sizeof(buffer));
	if (!text)
		return -EPIPE;

	length = strnlen(text, 126);
	for (i = 0; i < length; i++) {
		to[2 + 2 * i] = (uint8_t)text[i];
		to[3 + 2 * i] = 0;
	}
	to[0] = (uint8_t)(2 + 2 * length);
	return to[0];
}

int descriptor_get(uint8_t type, uint8_t index, uint8_t *to)
{
	switch (type) {
	case USB_DT_DEVICE:
		return index ? -EPIPE : get_device(to);
	case USB_DT_DEVICE_QUALIFIER:
		return index || full_speed() ? -EPIPE : get_qualifier(to);
	case USB_DT_CONFIG:
		return index ? -EPIPE : get_configuration(to, type);
	case USB_DT_OTHER_SPEED_CONFIG:
		return index || full_speed() ? -EPIPE :
					       get_configuration(to, type);
	case USB_DT_STRING:
		return get_string(index, to);
	case DFU_DT_FUNCTIONAL:
		return index ? -EPIPE : get_functional(to);
	default:
		return -EPIPE;
	}
}
