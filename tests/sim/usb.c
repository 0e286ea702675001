// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "descriptors.h"
#include "dfu.h"
#include "log.h"
#include "module.h"
#include "usb.h"

#define NO_KEY		(-1)
#define KEY_EVENT_SIZE	8

static bool configured;
static int key;

void usb_start(void)
{
	configured = false;
	key = NO_KEY;
}

static uint16_t value(const struct usb_ctrlrequest *setup)
{
	return le16toh(setup->wValue);
}

static uint16_t index_of(const struct usb_ctrlrequest *setup)
{
	return le16toh(setup->wIndex);
}

static int limit(int length, const struct usb_ctrlrequest *setup)
{
	const int most = le16toh(setup->wLength);

	return length > most ? most : length;
}

static int get_descriptor(const struct usb_ctrlrequest *setup, uint8_t *reply)
{
	return limit(descriptor_get((uint8_t)(value(setup) >> 8),
				    (uint8_t)value(setup), reply), setup);
}

static int set_configuration(const struct usb_ctrlrequest *setup)
{
	if (value(setup) && value(setup) != CONFIGURATION_VALUE)
		return -EPIPE;

	configured = value(setup) != 0;
	if (configured)
		log_event("configured");
	return 0;
}

static int put_bytes(const struct usb_ctrlrequest *setup, uint8_t *reply,
		     uint8_t value, int length)
{
	memset(reply, 0, (size_t)length);
	reply[0] = value;
	return limit(length, setup);
}

static int device_request(const struct usb_ctrlrequest *setup, uint8_t *reply)
{
	switch (setup->bRequest) {
	case USB_REQ_GET_DESCRIPTOR:
		return get_descriptor(setup, reply);
	case USB_REQ_GET_STATUS:
		return put_bytes(setup, reply, 0, 2);
	case USB_REQ_GET_CONFIGURATION:
		return put_bytes(setup, reply,
				 configured ? CONFIGURATION_VALUE : 0, 1);
	case USB_REQ_SET_CONFIGURATION:
		return set_configuration(setup);
	case USB_REQ_SET_ADDRESS:
		return 0;
	default:
		return -EPIPE;
	}
}

static int interface_request(const struct usb_ctrlrequest *setup,
			     uint8_t *reply)
{
	if (!configured || index_of(setup) > dfu_interface())
		return -EPIPE;

	switch (setup->bRequest) {
	case USB_REQ_GET_DESCRIPTOR:
		if (index_of(setup) != dfu_interface() ||
		    value(setup) >> 8 != DFU_DT_FUNCTIONAL)
			return -EPIPE;
		return get_descriptor(setup, reply);
	case USB_REQ_GET_STATUS:
		return put_bytes(setup, reply, 0, 2);
	case USB_REQ_GET_INTERFACE:
		return put_bytes(setup, reply, 0, 1);
	case USB_REQ_SET_INTERFACE:
		return value(setup) ? -EPIPE : 0;
	default:
		return -EPIPE;
	}
}

static bool endpoint_exists(uint16_t address)
{
	if (!(address & ~USB_DIR_IN))
		return true;
	return configured && dfu_interface() != PANEL_INTERFACE &&
	       (address == PANEL_IN || address == PANEL_OUT);
}

static int endpoint_request(const struct usb_ctrlrequest *setup,
			    uint8_t *reply)
{
	if (!endpoint_exists(index_of(setup)))
		return -EPIPE;

	switch (setup->bRequest) {
	case USB_REQ_GET_STATUS:
		return put_bytes(setup, reply, 0, 2);
	case USB_REQ_CLEAR_FEATURE:
		return value(setup) == USB_ENDPOINT_HALT ? 0 : -EPIPE;
	default:
		return -EPIPE;
	}
}

static int standard_request(const struct usb_ctrlrequest *setup,
			    uint8_t *reply)
{
	switch (setup->bRequestType & USB_RECIP_MASK) {
	case USB_RECIP_DEVICE:
		return device_request(setup, reply);
	case USB_RECIP_INTERFACE:
		return interface_request(setup, reply);
	case USB_RECIP_ENDPOINT:
		return endpoint_request(setup, reply);
	default:
		return -EPIPE;
	}
}

static bool direction_fits(const struct usb_ctrlrequest *setup, bool in)
{
	return ((setup->bRequestType & USB_DIR_IN) != 0) == in;
}

static int class_request(const struct urb *urb, uint8_t *reply)
{
	const struct usb_ctrlrequest *setup = &urb->setup;

	if (!configured ||
	    (setup->bRequestType & USB_RECIP_MASK) != USB_RECIP_INTERFACE ||
	    index_of(setup) != dfu_interface())
		return -EPIPE;

	return dfu_request(setup, urb->data, reply);
}

static int control(const struct urb *urb, uint8_t *reply)
{
	const struct usb_ctrlrequest *setup = &urb->setup;

	/* A transfer without data has no direction that would matter. */
	if (setup->wLength && !direction_fits(setup, urb->in))
		return -EPIPE;
	if (urb->length < le16toh(setup->wLength))
		return -EPIPE;

	switch (setup->bRequestType & USB_TYPE_MASK) {
	case USB_TYPE_STANDARD:
		return standard_request(setup, reply);
	case USB_TYPE_CLASS:
		return class_request(urb, reply);
	default:
		return -EPIPE;
	}
}

void usb_reset(void)
{
	if (configured)
		module_reset();
}

/*
 * The panel's protocol is not published. In this one a label begins with the number
 * of its key, and somebody presses each key once when it has got its label.
 */
static int panel(const struct urb *urb, uint8_t *reply)
{
	if (!urb->in) {
		if (urb->length)
			key = urb->data[0];
		return (int)urb->length;
	}
	if (key == NO_KEY || urb->length < KEY_EVENT_SIZE)
		return URB_UNANSWERED;
	memset(reply, 0, KEY_EVENT_SIZE);
	reply[0] = (uint8_t)key;
	key = NO_KEY;
	return KEY_EVENT_SIZE;
}

int usb_serve(const struct urb *urb, uint8_t *reply)
{
	if (!urb->endpoint)
		return control(urb, reply);

	if (!endpoint_exists(urb->endpoint | (urb->in ? USB_DIR_IN : 0)))
		return -EPIPE;

	return panel(urb, reply);
}
