/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the module is plugged into: the kernel's virtual host controller, or a
 * controller of QEMU's by usbredir. One module has one of them, for good.
 */
#ifndef SIM_TRANSPORT_H
#define SIM_TRANSPORT_H

#include <limits.h>
#include <linux/usb/ch9.h>
#include <stdbool.h>
#include <stdint.h>

/* Most bytes that an IN transfer is answered with. */
#define URB_REPLY_MAX	4096

/* What a function that serves a URB returns if it gets no answer (yet). */
#define URB_UNANSWERED	INT_MIN
/* The same, but the endpoint goes on with its next transfer. */
#define URB_LOST	(INT_MIN + 1)

/**
 * struct urb - one transfer that the host asks for
 * @endpoint: its number
 * @in: from the module to the host
 * @length: bytes that the host sends, or most that it takes
 * @setup: for endpoint 0
 * @data: what the host sends; valid until the transport's receive() returns
 */
struct urb {
	uint8_t endpoint;
	bool in;
	uint32_t length;
	struct usb_ctrlrequest setup;
	const uint8_t *data;
};

/**
 * struct device - what the transport asks of the device that is plugged into it
 * @serve: serves a URB: it returns the bytes put into @reply (or taken), a
 *	negative errno, or URB_UNANSWERED
 * @answered: called once the host has the answers, and while the data of the
 *	URBs are still there
 * @reset: the host has reset the device
 */
struct device {
	int (*serve)(const struct urb *urb, uint8_t *reply);
	void (*answered)(void);
	void (*reset)(void);
};

/**
 * struct transport - one kind of them
 * @place: where the module is plugged in, for people
 * @absent: what -ENOENT of attach() means, for people
 * @reset_latency_ms: how much later than it happens a reset may be seen
 * @attach: plug in a device of that speed; 0, -EBUSY to try again a little
 *	later, or another negative errno
 * @detach: be gone at once
 * @vacant: whether the host is done with what was in that place before
 * @fd: the socket to read from, or -1
 * @receive: read from the host and answer it; 0, or a negative errno if the host
 *	hung up
 * @refuse: from now on, serve no URB; where the host would wait for long for those
 *	that it has no answer to, fail them. Not to be called while a URB is being
 *	served
 * @take_refused: how many URBs have been failed since refuse(), or since this
 */
struct transport {
	const char *place;
	const char *absent;
	unsigned int reset_latency_ms;
	int (*attach)(enum usb_device_speed speed);
	void (*detach)(void);
	bool (*vacant)(void);
	int (*fd)(void);
	int (*receive)(const struct device *device);
	void (*refuse)(void);
	unsigned int (*take_refused)(void);
};

/* A port of vhci-hcd; its number is that of the file "attach". */
const struct transport *vhci_transport(unsigned int port);

/* The socket of a usb-redir device of QEMU's. */
const struct transport *usbredir_transport(const char *path);

#endif
