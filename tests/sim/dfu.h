/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device's side of DFU 1.1: requests and states of appendix A. */
#ifndef SIM_DFU_H
#define SIM_DFU_H

#include <linux/usb/ch9.h>
#include <stdbool.h>
#include <stdint.h>

#include "module.h"

#define DFU_SUBCLASS		1
#define DFU_PROTOCOL_RUNTIME	1
#define DFU_PROTOCOL_DFU	2

#define DFU_DT_FUNCTIONAL	0x21
#define DFU_CAN_DNLOAD		0x01
#define DFU_MANIFESTATION_TOLERANT	0x04
#define DFU_WILL_DETACH		0x08
#define DFU_VERSION_1_1		0x0110

/**
 * dfu_start - what DFU is like from now on
 * @mode: the mode that the module is in
 * @corrupt: it is in DFU mode because it has no firmware that it could run
 */
void dfu_start(enum mode mode, bool corrupt);

/* The module is off the bus: nothing is due any more. */
void dfu_stop(void);

/* The mode that a USB reset now leads to. */
enum mode dfu_mode_after_reset(void);

/**
 * dfu_request - serve a class request to the DFU interface
 * @setup: the request
 * @data: its wLength bytes, if it sends some
 * @reply: gets at most wLength bytes, if it wants some
 *
 * Return: bytes transferred, -EPIPE to stall, or URB_UNANSWERED.
 */
int dfu_request(const struct usb_ctrlrequest *setup, const uint8_t *data,
		uint8_t *reply);

#endif
