/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * USB Device Firmware Upgrade 1.1, the host's side: its requests and its
 * state machine. Knows nothing of images, modules or updates.
 */
#ifndef _UXMC_DFU_H
#define _UXMC_DFU_H

#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/usb.h>
#include <linux/wait.h>

#include "uapi/uxmc.h"

#define UXMC_USB_CLASS_DFU	USB_CLASS_APP_SPEC	/* DFU 1.1 table 4.4 */
#define UXMC_USB_SUBCLASS_DFU	1
#define UXMC_DFU_MODE		2	/* bInterfaceProtocol, table 4.4; 1 before */

/* bmAttributes of the functional descriptor, DFU 1.1 section 4.1.3 */
#define DFU_CAN_DNLOAD			BIT(0)
#define DFU_MANIFESTATION_TOLERANT	BIT(2)
#define DFU_WILL_DETACH			BIT(3)

struct uxmc_dfu_status;

/**
 * struct uxmc_dfu_transfer - a control transfer, allocated once
 * @urb: the transfer
 * @setup: its setup packet, a DMA buffer of its own
 * @done: completes when @urb does
 * @ended: when that was
 */
struct uxmc_dfu_transfer {
	struct urb *urb;
	struct usb_ctrlrequest *setup;
	struct completion done;
	ktime_t ended;
};

/**
 * struct uxmc_dfu_run - blocks that follow each other in memory
 * @data: the one that is on its way, or the next
 * @left: bytes from there on that have not been written
 * @size: bytes in a block, but for the last
 * @block: its wBlockNum
 * @chained: the answer to one submits the next, until @pause
 * @pause: when the worker has to hear of it
 * @err: why the next one could not be submitted
 *
 * It is the completion handler's from uxmc_dfu_submit_blocks() until that has
 * ended it, and the worker's else.
 */
struct uxmc_dfu_run {
	u8 *data;
	size_t left;
	u16 size;
	u16 block;
	bool chained;
	ktime_t pause;
	int err;
};

/**
 * struct uxmc_dfu - one DFU interface, from its probe to its disconnect
 * @ref: who uses it; the binding and an update may each hold it
 * @udev: the device, referenced
 * @intf: the interface, referenced
 * @runtime: true in application mode (DFU run-time protocol)
 * @attributes: bmAttributes
 * @detach_timeout: wDetachTimeOut, milliseconds
 * @transfer_size: wTransferSize, or what of it can be used, bytes
 * @malformed: what is wrong with the functional descriptor, or NULL
 * @why: a sentence about the last request that failed; written and read by
 *	the one caller that runs requests
 * @transfer: for all requests but DFU_GETSTATUS
 * @status: for DFU_GETSTATUS
 * @answer: the answer to it, a DMA buffer of its own
 * @run: the blocks being sent
 * @lock: serialises what must not happen after disconnect with @gone
 * @gone: disconnect has been called; never reset
 * @was_reset: since uxmc_dfu_make_idle()
 * @wait: woken by @gone
 * @held: whether uxmc_dfu_hold() is in force, under @lock
 */
struct uxmc_dfu {
	struct kref ref;
	struct usb_device *udev;
	struct usb_interface *intf;
	bool runtime;
	u8 attributes;
	u16 detach_timeout;
	u16 transfer_size;
	const char *malformed;
	char why[UXMC_MESSAGE_MAX + 1];
	struct uxmc_dfu_transfer transfer;
	struct uxmc_dfu_transfer status;
	struct uxmc_dfu_status *answer;
	struct uxmc_dfu_run run;
	struct mutex lock; /* see @lock above */
	bool gone;
	bool was_reset;
	wait_queue_head_t wait;
	bool held;
};

struct uxmc_dfu *uxmc_dfu_create(struct usb_interface *intf);
struct uxmc_dfu *uxmc_dfu_get(struct uxmc_dfu *dfu);
void uxmc_dfu_put(struct uxmc_dfu *dfu);
void uxmc_dfu_disconnect(struct uxmc_dfu *dfu);
int uxmc_dfu_hold(struct uxmc_dfu *dfu);
void uxmc_dfu_release(struct uxmc_dfu *dfu);
void uxmc_dfu_was_reset(struct uxmc_dfu *dfu);

int uxmc_dfu_detach(struct uxmc_dfu *dfu);
int uxmc_dfu_reset(struct uxmc_dfu *dfu);
int uxmc_dfu_make_idle(struct uxmc_dfu *dfu);
int uxmc_dfu_begin_download(struct uxmc_dfu *dfu, u16 block, u16 size,
			    u8 *data, size_t len);
int uxmc_dfu_go_on(struct uxmc_dfu *dfu);
int uxmc_dfu_manifest(struct uxmc_dfu *dfu, u16 block);
void uxmc_dfu_abort(struct uxmc_dfu *dfu);

#endif /* _UXMC_DFU_H */
