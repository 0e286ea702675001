// SPDX-License-Identifier: GPL-2.0-only
/*
 * The requests of DFU 1.1 (chapter 3), as control transfers.
 *
 * An interface has two URBs, one of them for DFU_GETSTATUS, which can thus be
 * queued behind a block: the device has its next transfer when it is done with
 * the one before, and the host is woken up once for both.
 */
#include "dfu_request.h"
#include "timing.h"

static const char * const dfu_request_name[] = {
	[DFU_DETACH] = "DFU_DETACH",
	[DFU_DNLOAD] = "DFU_DNLOAD",
	[DFU_UPLOAD] = "DFU_UPLOAD",
	[DFU_GETSTATUS] = "DFU_GETSTATUS",
	[DFU_CLRSTATUS] = "DFU_CLRSTATUS",
	[DFU_GETSTATE] = "DFU_GETSTATE",
	[DFU_ABORT] = "DFU_ABORT",
};

/**
 * uxmc_dfu_fail - say what went wrong
 * @dfu: the interface, whose @why it becomes
 * @err: negative errno
 * @fmt: a sentence
 *
 * Return: @err.
 */
int uxmc_dfu_fail(struct uxmc_dfu *dfu, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(dfu->why, sizeof(dfu->why), fmt, args);
	va_end(args);
	return err;
}

/*
 * What a failed transfer means. A module that is pulled out mostly shows as a
 * transfer error first and as a disconnect some milliseconds later; the wait
 * is for telling one from the other.
 */
static int dfu_explain(struct uxmc_dfu *dfu, enum dfu_request request, int err)
{
	const char *name = dfu_request_name[request];

	if (err != -EPIPE && err != -ETIMEDOUT && err != -EMSGSIZE)
		wait_event_timeout(dfu->wait, READ_ONCE(dfu->gone), HZ);
	if (READ_ONCE(dfu->gone))
		return uxmc_dfu_fail(dfu, -ENODEV, "the module left the bus");

	switch (err) {
	case -EPIPE:
		return uxmc_dfu_fail(dfu, err, "the module refused %s", name);
	case -ETIMEDOUT:
		return uxmc_dfu_fail(dfu, err,
				     "the module did not answer %s within %u ms",
				     name, uxmc_timing.control);
	case -EMSGSIZE:
		return uxmc_dfu_fail(dfu, -EPROTO,
				     "the module's answer to %s is too short",
				     name);
	default:
		return uxmc_dfu_fail(dfu, -EIO, "%s failed with USB error %d",
				     name, err);
	}
}

static void dfu_complete(struct urb *urb)
{
	struct uxmc_dfu_transfer *transfer = urb->context;

	transfer->ended = ktime_get();
	complete(&transfer->done);
}

static int dfu_submit(struct uxmc_dfu *dfu, struct uxmc_dfu_transfer *transfer,
		      enum dfu_request request, u16 value, void *data, u16 len)
{
	bool in = request == DFU_GETSTATUS;
	struct usb_ctrlrequest *setup = transfer->setup;

	setup->bRequestType = USB_TYPE_CLASS | USB_RECIP_INTERFACE |
		(in ? USB_DIR_IN : USB_DIR_OUT);
	setup->bRequest = request;
	setup->wValue = cpu_to_le16(value);
	setup->wIndex =
		cpu_to_le16(dfu->intf->cur_altsetting->desc.bInterfaceNumber);
	setup->wLength = cpu_to_le16(len);
	usb_fill_control_urb(transfer->urb, dfu->udev,
			     in ? usb_rcvctrlpipe(dfu->udev, 0) :
			     usb_sndctrlpipe(dfu->udev, 0),
			     (unsigned char *)setup, data, len,
			     dfu_complete, transfer);
	reinit_completion(&transfer->done);
	return usb_submit_urb(transfer->urb, GFP_KERNEL);
}

static int dfu_submit_get_status(struct uxmc_dfu *dfu)
{
	return dfu_submit(dfu, &dfu->status, DFU_GETSTATUS, 0, dfu->answer,
			  sizeof(*dfu->answer));
}

static bool dfu_wait(struct uxmc_dfu_transfer *transfer)
{
	return wait_for_completion_timeout(&transfer->done,
					   msecs_to_jiffies(uxmc_timing.control));
}

/* Of a transfer that has ended; a short one is an error. */
static int dfu_result(const struct uxmc_dfu_transfer *transfer)
{
	const struct urb *urb = transfer->urb;

	if (urb->status == -ENOENT)	/* killed: too late, or poisoned */
		return -ETIMEDOUT;
	if (!urb->status && urb->actual_length != urb->transfer_buffer_length)
		return -EMSGSIZE;
	return urb->status;
}

static int dfu_await(struct uxmc_dfu_transfer *transfer)
{
	if (!dfu_wait(transfer))
		usb_kill_urb(transfer->urb);
	return dfu_result(transfer);
}

/**
 * uxmc_dfu_request - a request without data
 * @dfu: the interface
 * @request: which
 * @value: wValue
 *
 * Return: 0, -ENODEV when the module is gone, -EPIPE when it refused,
 * -ETIMEDOUT, or -EIO.
 */
int uxmc_dfu_request(struct uxmc_dfu *dfu, enum dfu_request request, u16 value)
{
	int err = dfu_submit(dfu, &dfu->transfer, request, value, NULL, 0);

	if (!err)
		err = dfu_await(&dfu->transfer);
	return err ? dfu_explain(dfu, request, err) : 0;
}

/**
 * uxmc_dfu_get_status - DFU_GETSTATUS, section 6.1.2
 * @dfu: the interface
 * @st: the answer
 *
 * Return: 0, an error as above, or -EPROTO for a short answer.
 */
int uxmc_dfu_get_status(struct uxmc_dfu *dfu, struct uxmc_dfu_status *st)
{
	int err = dfu_submit_get_status(dfu);

	if (!err)
		err = dfu_await(&dfu->status);
	if (err)
		return dfu_explain(dfu, DFU_GETSTATUS, err);
	*st = *dfu->answer;
	return 0;
}

/**
 * uxmc_dfu_submit_block - DFU_DNLOAD, and DFU_GETSTATUS right behind it
 * @dfu: the interface
 * @block: wBlockNum
 * @data: the block, in memory fit for DMA; the device's until
 *	uxmc_dfu_await_block(), which has to follow unless this fails
 * @len: 1 to wTransferSize bytes
 *
 * Return: 0, or an error as above.
 */
int uxmc_dfu_submit_block(struct uxmc_dfu *dfu, u16 block, void *data, u16 len)
{
	int err = dfu_submit(dfu, &dfu->transfer, DFU_DNLOAD, block, data, len);

	if (!err) {
		err = dfu_submit_get_status(dfu);
		if (err)
			usb_kill_urb(dfu->transfer.urb);
	}
	return err ? dfu_explain(dfu, DFU_DNLOAD, err) : 0;
}

/*
 * The status comes last, and has its own time after the block's. What is killed
 * is so from the end of the queue, or the device would get what is behind it.
 */
static void dfu_wait_block(struct uxmc_dfu *dfu)
{
	if (!dfu_wait(&dfu->status) &&
	    !(completion_done(&dfu->transfer.done) && dfu_wait(&dfu->status)))
		usb_kill_urb(dfu->status.urb);
	if (!completion_done(&dfu->transfer.done))
		usb_kill_urb(dfu->transfer.urb);
}

/**
 * uxmc_dfu_await_block - the end of what uxmc_dfu_submit_block() began
 * @dfu: the interface
 * @st: the module's status after the block, also after one that it refused; as
 *	it was where the module did not say
 *
 * Return: 0, or an error as above.
 */
int uxmc_dfu_await_block(struct uxmc_dfu *dfu, struct uxmc_dfu_status *st)
{
	int err, status_err;

	dfu_wait_block(dfu);
	err = dfu_result(&dfu->transfer);
	status_err = dfu_result(&dfu->status);
	if (!status_err)
		*st = *dfu->answer;
	else if (!err)
		return dfu_explain(dfu, DFU_GETSTATUS, status_err);
	return err ? dfu_explain(dfu, DFU_DNLOAD, err) : 0;
}
