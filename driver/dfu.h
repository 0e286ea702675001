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

/*
 * A module that is pulled out first shows as a transfer that fails, and as a
 * disconnect once the hub's thread gets to that port, milliseconds.
 */
#define UXMC_DFU_DISCONNECT		5000

/* The smallest wTransferSize that a module is updated with, bytes */
#define UXMC_DFU_TRANSFER_MIN		64

struct uxmc_dfu_status;

/**
 * enum uxmc_dfu_interruption - what others have done to the module
 * @UXMC_DFU_NOT_INTERRUPTED: nothing
 * @UXMC_DFU_SUSPENDED: it was suspended, and resumed or not
 * @UXMC_DFU_RESET: it was reset; one that keeps its descriptors is in dfuIDLE
 *	then, and would take the rest of an image as one
 */
enum uxmc_dfu_interruption {
	UXMC_DFU_NOT_INTERRUPTED,
	UXMC_DFU_SUSPENDED,
	UXMC_DFU_RESET,
};

/**
 * struct uxmc_dfu_transfer - a control transfer, allocated once
 * @urb: the transfer
 * @setup: its setup packet, a DMA buffer of its own
 * @done: completes when @urb does
 */
struct uxmc_dfu_transfer {
	struct urb *urb;
	struct usb_ctrlrequest *setup;
	struct completion done;
};

/**
 * struct uxmc_dfu_run - blocks that follow each other in memory
 * @data: the one that is on its way, or the next
 * @left: bytes from there on that have not been written
 * @size: bytes in a block, but for the last
 * @block: its wBlockNum
 * @queued: transfers of the block on its way that were submitted: none,
 *	DFU_DNLOAD, or DFU_GETSTATUS as well
 * @chained: the completion handler submits the next block, until @pause
 * @pause: when the worker is woken at the latest
 * @end: by when all of the image has to have been written
 * @too_large: the host controller or the module did not take a block of @size
 *
 * The completion handler owns it from uxmc_dfu_submit_blocks() on, the worker
 * from uxmc_dfu_await_blocks() on.
 */
struct uxmc_dfu_run {
	u8 *data;
	size_t left;
	u16 size;
	u16 block;
	unsigned int queued;
	bool chained;
	ktime_t pause;
	ktime_t end;
	bool too_large;
};

/**
 * struct uxmc_dfu - one DFU interface, from its probe to its disconnect
 * @ref: references: the binding's, and one of an update
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
 * @answered: when it came
 * @ready: when the module takes the next request: @answered and bwPollTimeout, until
 *	it is reset
 * @deadline: by when the present operation has to have ended
 * @run: the blocks being sent
 * @lock: serialises @gone and @held
 * @gone: disconnect has been called; never reset
 * @held: usb_autopm_get_interface() is in force
 * @submit_lock: serialises the worker's submissions with @interruption, so
 *	that there are none after it
 * @interruption: since uxmc_dfu_hold()
 * @asleep: between suspend and resume of the system
 * @in_reset: between pre_reset and post_reset
 * @resetting: the reset under way is the driver's own; under the USB device's
 *	lock
 * @wait: woken by @gone, @interruption, @asleep and @in_reset
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
	ktime_t answered;
	ktime_t ready;
	ktime_t deadline;
	struct uxmc_dfu_run run;
	struct mutex lock; /* see @lock above */
	bool gone;
	bool held;
	struct mutex submit_lock; /* see @submit_lock above */
	enum uxmc_dfu_interruption interruption;
	bool asleep;
	bool in_reset;
	bool resetting;
	wait_queue_head_t wait;
};

struct uxmc_dfu *uxmc_dfu_create(struct usb_interface *intf);
struct uxmc_dfu *uxmc_dfu_get(struct uxmc_dfu *dfu);
void uxmc_dfu_put(struct uxmc_dfu *dfu);
void uxmc_dfu_disconnect(struct uxmc_dfu *dfu);
int uxmc_dfu_hold(struct uxmc_dfu *dfu);
void uxmc_dfu_release(struct uxmc_dfu *dfu);
void uxmc_dfu_pre_reset(struct uxmc_dfu *dfu);
void uxmc_dfu_post_reset(struct uxmc_dfu *dfu);
void uxmc_dfu_suspend(struct uxmc_dfu *dfu);
void uxmc_dfu_resume(struct uxmc_dfu *dfu);
int uxmc_dfu_reset(struct uxmc_dfu *dfu);
bool uxmc_dfu_leaves(struct uxmc_dfu *dfu, unsigned int ms);

int uxmc_dfu_detach(struct uxmc_dfu *dfu);
int uxmc_dfu_make_idle(struct uxmc_dfu *dfu);
int uxmc_dfu_begin_download(struct uxmc_dfu *dfu, u16 block, u16 size,
			    u8 *data, size_t len);
int uxmc_dfu_continue_download(struct uxmc_dfu *dfu);
int uxmc_dfu_manifest(struct uxmc_dfu *dfu, u16 block);
int uxmc_dfu_await_manifestation(struct uxmc_dfu *dfu);
void uxmc_dfu_abort(struct uxmc_dfu *dfu);

#endif /* _UXMC_DFU_H */
