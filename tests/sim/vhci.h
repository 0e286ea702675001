/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's virtual host controller, and USB/IP's wire format to it. */
#ifndef SIM_VHCI_H
#define SIM_VHCI_H

#include <limits.h>
#include <linux/usb/ch9.h>
#include <stdbool.h>
#include <stdint.h>

/* Most bytes that an IN transfer is answered with. */
#define URB_REPLY_MAX	4096

/* What a function that serves a URB returns if it gets no answer (yet). */
#define URB_UNANSWERED	INT_MIN

/**
 * struct urb - one transfer that the host asks for
 * @endpoint: its number
 * @in: from the module to the host
 * @length: bytes that the host sends, or most that it takes
 * @setup: for endpoint 0
 * @data: what the host sends; valid until vhci_receive() returns
 */
struct urb {
	uint8_t endpoint;
	bool in;
	uint32_t length;
	struct usb_ctrlrequest setup;
	const uint8_t *data;
};

/* A port's number is that of the file "attach"; high speed. */
int vhci_attach(unsigned int port);
void vhci_detach(void);

/* Whether the host is done with what was on that port before. */
bool vhci_port_vacant(unsigned int port);

/* The socket, or -1. */
int vhci_fd(void);

/**
 * vhci_receive - read from the host and answer it
 * @serve: serves a URB: it returns the bytes put into @reply (or taken), a
 *	negative errno, or URB_UNANSWERED
 * @answered: called once the host has the answers, and while the data of the
 *	URBs are still there
 *
 * Return: 0, or a negative errno if the host hung up.
 */
int vhci_receive(int (*serve)(const struct urb *urb, uint8_t *reply),
		 void (*answered)(void));

/*
 * From now on, fail all URBs, those without an answer included. Not to be
 * called while a URB is being served.
 */
void vhci_refuse(void);

/* How many URBs have been failed since vhci_refuse(), or since this. */
unsigned int vhci_take_refused(void);

#endif
