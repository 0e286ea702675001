// SPDX-License-Identifier: GPL-2.0-only
/*
 * The requests of DFU 1.1 (chapter 3), as control transfers.
 *
 * An interface has two URBs, one of them for DFU_GETSTATUS, which can thus be
 * queued behind a block: the device has its next transfer when it is done with
 * the one before. The usual answer, that the module wants the next block at once,
 * has that submitted where it is heard of, so that nobody has to be woken up.
 */
#include "dfu_request.h"
#include "timing.h"

/* The longest that blocks are sent with nobody being told, milliseconds */
#define DFU_PAUSE	100

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
	struct uxmc_dfu *dfu = urb->context;

	complete(&dfu->transfer.done);
}

static int dfu_submit(struct uxmc_dfu *dfu, struct uxmc_dfu_transfer *transfer,
		      enum dfu_request request, u16 value, void *data, u16 len,
		      usb_complete_t complete, gfp_t gfp)
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
			     complete, dfu);
	reinit_completion(&transfer->done);
	return usb_submit_urb(transfer->urb, gfp);
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

/**
 * uxmc_dfu_block_written - the block on its way has arrived
 * @dfu: the interface
 */
void uxmc_dfu_block_written(struct uxmc_dfu *dfu)
{
	struct uxmc_dfu_run *run = &dfu->run;
	size_t len = min_t(size_t, run->size, run->left);

	run->data += len;
	run->block++;
	WRITE_ONCE(run->left, run->left - len);
}

/* Is the block written, and the next one wanted at once? */
static bool dfu_wants_next(const struct uxmc_dfu *dfu)
{
	const struct uxmc_dfu_status *st = dfu->answer;

	return !dfu_result(&dfu->transfer) && !dfu_result(&dfu->status) &&
		!st->bStatus && st->bState == DFU_DNLOAD_IDLE &&
		!dfu_poll_timeout(st) && !READ_ONCE(dfu->was_reset);
}

static int dfu_submit_block(struct uxmc_dfu *dfu, gfp_t gfp);

static void dfu_complete_status(struct urb *urb)
{
	struct uxmc_dfu *dfu = urb->context;
	struct uxmc_dfu_run *run = &dfu->run;

	dfu->status.ended = ktime_get();
	if (READ_ONCE(run->chained) && run->left > run->size &&
	    ktime_before(dfu->status.ended, run->pause) && dfu_wants_next(dfu)) {
		uxmc_dfu_block_written(dfu);
		run->err = dfu_submit_block(dfu, GFP_ATOMIC);
		if (!run->err)
			return;
	}
	complete(&dfu->status.done);
}

static int dfu_submit_get_status(struct uxmc_dfu *dfu, gfp_t gfp)
{
	return dfu_submit(dfu, &dfu->status, DFU_GETSTATUS, 0, dfu->answer,
			  sizeof(*dfu->answer), dfu_complete_status, gfp);
}

static int dfu_submit_block(struct uxmc_dfu *dfu, gfp_t gfp)
{
	struct uxmc_dfu_run *run = &dfu->run;
	int err = dfu_submit(dfu, &dfu->transfer, DFU_DNLOAD, run->block,
			     run->data, min_t(size_t, run->size, run->left),
			     dfu_complete, gfp);

	return err ? err : dfu_submit_get_status(dfu, gfp);
}

static bool dfu_wait(struct uxmc_dfu_transfer *transfer)
{
	return wait_for_completion_timeout(&transfer->done,
					   msecs_to_jiffies(uxmc_timing.control));
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
	int err = dfu_submit(dfu, &dfu->transfer, request, value, NULL, 0,
			     dfu_complete, GFP_KERNEL);

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
	int err = dfu_submit_get_status(dfu, GFP_KERNEL);

	if (!err)
		err = dfu_await(&dfu->status);
	if (err)
		return dfu_explain(dfu, DFU_GETSTATUS, err);
	*st = *dfu->answer;
	return 0;
}

/* What is killed is so from the end of the queue, or the device would get it. */
static void dfu_kill(struct uxmc_dfu *dfu)
{
	WRITE_ONCE(dfu->run.chained, false);
	usb_kill_urb(dfu->status.urb);
	usb_kill_urb(dfu->transfer.urb);
}

/**
 * uxmc_dfu_submit_blocks - send the run, or what is left of it
 * @dfu: the interface, with its @run
 *
 * Each block is a DFU_DNLOAD, with a DFU_GETSTATUS right behind it. Unless this
 * fails uxmc_dfu_await_blocks() has to follow.
 *
 * Return: 0, or an error as above.
 */
int uxmc_dfu_submit_blocks(struct uxmc_dfu *dfu)
{
	int err;

	dfu->run.err = 0;
	dfu->run.pause = ktime_add_ms(ktime_get(), DFU_PAUSE);
	WRITE_ONCE(dfu->run.chained, true);
	err = dfu_submit_block(dfu, GFP_KERNEL);
	if (err)
		dfu_kill(dfu);
	return err ? dfu_explain(dfu, DFU_DNLOAD, err) : 0;
}

/* Each block, and each status, has its own time. */
static bool dfu_wait_blocks(struct uxmc_dfu *dfu)
{
	bool taken, was_taken;
	size_t left;

	do {
		left = READ_ONCE(dfu->run.left);
		was_taken = completion_done(&dfu->transfer.done);
		if (dfu_wait(&dfu->status))
			return true;
		taken = completion_done(&dfu->transfer.done);
	} while (left != READ_ONCE(dfu->run.left) || taken != was_taken);
	return false;
}

/**
 * uxmc_dfu_await_blocks - wait until there is more to do than to send on
 * @dfu: the interface
 * @st: the module's last status, also after a block that it refused; as it was
 *	where the module did not say
 *
 * It returns when all of the run is written, when the module wants anything else
 * than the next block at once, and after %DFU_PAUSE.
 *
 * Return: 0, or an error as above.
 */
int uxmc_dfu_await_blocks(struct uxmc_dfu *dfu, struct uxmc_dfu_status *st)
{
	int err, status_err;

	if (!dfu_wait_blocks(dfu) || dfu->run.err)
		dfu_kill(dfu);
	WRITE_ONCE(dfu->run.chained, false);
	if (dfu->run.err)
		return dfu_explain(dfu, DFU_DNLOAD, dfu->run.err);

	err = dfu_result(&dfu->transfer);
	status_err = dfu_result(&dfu->status);
	if (!status_err)
		*st = *dfu->answer;
	else if (!err)
		return dfu_explain(dfu, DFU_GETSTATUS, status_err);
	return err ? dfu_explain(dfu, DFU_DNLOAD, err) : 0;
}
