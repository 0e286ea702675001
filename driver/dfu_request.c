// SPDX-License-Identifier: GPL-2.0-only
/*
 * The requests of DFU 1.1 (chapter 3), as control transfers.
 *
 * An interface has two URBs, one of them for DFU_GETSTATUS, which can thus be
 * queued behind a block: the device has its next transfer when it is done with
 * the one before. Mostly the module wants the next block at once; the completion
 * handler submits it then, which saves waking the worker.
 *
 * Who owns a buffer: a URB owns its setup packet and its data from submission
 * until it is given back, and the end of one URB says nothing of the other. The
 * worker therefore gets its data back from one place, uxmc_dfu_await_blocks(),
 * which ends in usb_kill_urb() of both. Reset, suspend and disconnect poison both
 * (uxmc_dfu_stop()), and so have waited for both when they return.
 */
#include "dfu_request.h"
#include "timing.h"

/* The longest that blocks are sent without waking the worker, milliseconds */
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

static bool dfu_is_disturbed(const struct uxmc_dfu *dfu)
{
	return READ_ONCE(dfu->gone) || READ_ONCE(dfu->interruption);
}

/* Why there is nobody to talk to, or 0 */
static int dfu_check_presence(struct uxmc_dfu *dfu)
{
	switch (READ_ONCE(dfu->interruption)) {
	case UXMC_DFU_RESET:
		return uxmc_dfu_fail(dfu, -ECONNRESET,
				     "the module was reset by somebody else");
	case UXMC_DFU_SUSPENDED:
		return uxmc_dfu_fail(dfu, -ERESTART,
				     "the module was suspended");
	case UXMC_DFU_NOT_INTERRUPTED:
		break;
	}
	if (!READ_ONCE(dfu->gone))
		return 0;
	return uxmc_dfu_fail(dfu, -ENODEV, uxmc_dfu_is_unbound(dfu) ?
			     "the driver was unbound from the module" :
			     "the module left the bus");
}

/* Why there is nobody to talk to, or 0: given time to show */
static int dfu_await_absence(struct uxmc_dfu *dfu)
{
	wait_event_timeout(dfu->wait, dfu_is_disturbed(dfu),
			   msecs_to_jiffies(UXMC_DFU_DISCONNECT));
	return dfu_check_presence(dfu);
}

/* What a transfer that ended badly means */
static int dfu_explain(struct uxmc_dfu *dfu, enum dfu_request request, int err)
{
	const char *name = dfu_request_name[request];
	bool answered = err == -EPIPE || err == -ETIMEDOUT || err == -EREMOTEIO;
	int absent = answered ? dfu_check_presence(dfu) :
		dfu_await_absence(dfu);

	if (absent)
		return absent;

	switch (err) {
	case -EPIPE:
		return uxmc_dfu_fail(dfu, err, "the module refused %s", name);
	case -ETIMEDOUT:
		return uxmc_dfu_fail(dfu, err,
				     "the module did not answer %s within %u ms",
				     name, uxmc_timing.control);
	case -EREMOTEIO:
		return uxmc_dfu_fail(dfu, -EPROTO, request == DFU_GETSTATUS ?
				     "the module's answer to %s is too short" :
				     "the module took only a part of %s", name);
	default:
		return uxmc_dfu_fail(dfu, -EIO, "%s failed with USB error %d",
				     name, err);
	}
}

/* What it means that a transfer could not even be submitted */
static int dfu_explain_submission(struct uxmc_dfu *dfu,
				  enum dfu_request request, int err)
{
	const char *name = dfu_request_name[request];
	int absent = err == -EMSGSIZE || err == -ENOMEM ?
		dfu_check_presence(dfu) : dfu_await_absence(dfu);

	if (absent)
		return absent;
	if (err == -EMSGSIZE)
		return uxmc_dfu_fail(dfu, err,
				     "the host controller takes no %s of %u bytes",
				     name, dfu->run.size);
	return uxmc_dfu_fail(dfu, err == -ENOMEM ? err : -EIO,
			     "%s could not be submitted (error %d)", name, err);
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
		return -EREMOTEIO;
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
static bool dfu_wants_next(struct uxmc_dfu *dfu)
{
	const struct uxmc_dfu_status *st = dfu->answer;

	return completion_done(&dfu->transfer.done) &&
		!dfu_result(&dfu->transfer) && !dfu_result(&dfu->status) &&
		!st->bStatus && st->bState == DFU_DNLOAD_IDLE &&
		!dfu_poll_timeout(st);
}

static int dfu_submit_block(struct uxmc_dfu *dfu, gfp_t gfp);

static void dfu_complete_status(struct urb *urb)
{
	struct uxmc_dfu *dfu = urb->context;
	struct uxmc_dfu_run *run = &dfu->run;

	dfu->answered = ktime_get();
	if (READ_ONCE(run->chained) && run->left > run->size &&
	    ktime_before(dfu->answered, run->pause) && dfu_wants_next(dfu)) {
		uxmc_dfu_block_written(dfu);
		if (!dfu_submit_block(dfu, GFP_ATOMIC))
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
	int err;

	run->queued = 0;
	err = dfu_submit(dfu, &dfu->transfer, DFU_DNLOAD, run->block,
			 run->data, min_t(size_t, run->size, run->left),
			 dfu_complete, gfp);
	if (err)
		return err;
	run->queued++;
	err = dfu_submit_get_status(dfu, gfp);
	if (!err)
		run->queued++;
	return err;
}

/**
 * uxmc_dfu_set_deadline - an operation begins
 * @dfu: the interface
 * @ms: how long it may take in all, milliseconds
 */
void uxmc_dfu_set_deadline(struct uxmc_dfu *dfu, unsigned int ms)
{
	dfu->deadline = ktime_add_ms(ktime_get(), ms);
}

/**
 * uxmc_dfu_sleep_until - let time pass, unless the module is disturbed
 * @dfu: the interface
 * @end: CLOCK_MONOTONIC, to the microsecond, for many modules want a millisecond
 *	or so after each block
 *
 * Return: 0, or why there is nobody to talk to any more.
 */
int uxmc_dfu_sleep_until(struct uxmc_dfu *dfu, ktime_t end)
{
	DEFINE_WAIT(wait);
	int ret;

	do {
		prepare_to_wait(&dfu->wait, &wait, TASK_IDLE);
		if (dfu_is_disturbed(dfu))
			break;
		ret = schedule_hrtimeout(&end, HRTIMER_MODE_ABS);
	} while (ret);
	finish_wait(&dfu->wait, &wait);
	return dfu_check_presence(dfu);
}

/*
 * Section 6.1.2: bwPollTimeout is the least time before the next GETSTATUS; no
 * state is excepted. A module that wants more than there is gets no request.
 */
static int dfu_await_ready(struct uxmc_dfu *dfu)
{
	int err;

	if (ktime_after(ktime_get(), dfu->ready))
		return 0;
	err = uxmc_dfu_sleep_until(dfu, min(dfu->ready, dfu->deadline));
	if (err)
		return err;
	return ktime_after(dfu->ready, dfu->deadline) ?
		uxmc_dfu_fail(dfu, -ETIMEDOUT,
			      "the module asks for a wait that is too long") : 0;
}

/* Nothing is submitted to a module that others have reset or suspended. */
static int dfu_lock_submission(struct uxmc_dfu *dfu)
{
	int err = dfu_await_ready(dfu);

	if (err)
		return err;
	mutex_lock(&dfu->submit_lock);
	err = dfu_check_presence(dfu);
	if (err)
		mutex_unlock(&dfu->submit_lock);
	return err;
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
 * Return: 0; -EPIPE when the module refused; -ETIMEDOUT; -ENODEV when it left the
 * bus; -ECONNRESET when it was reset; -ERESTART when it was suspended; -ENOMEM;
 * or -EIO.
 */
int uxmc_dfu_request(struct uxmc_dfu *dfu, enum dfu_request request, u16 value)
{
	int err = dfu_lock_submission(dfu);

	if (err)
		return err;
	err = dfu_submit(dfu, &dfu->transfer, request, value, NULL, 0,
			 dfu_complete, GFP_KERNEL);
	mutex_unlock(&dfu->submit_lock);
	if (err)
		return dfu_explain_submission(dfu, request, err);
	err = dfu_await(&dfu->transfer);
	return err ? dfu_explain(dfu, request, err) : 0;
}

/* The module has said how it is, and when it may be asked again. */
static void dfu_take_status(struct uxmc_dfu *dfu, struct uxmc_dfu_status *st)
{
	*st = *dfu->answer;
	dfu->ready = ktime_add_ms(dfu->answered, dfu_poll_timeout(st));
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
	int err = dfu_lock_submission(dfu);

	if (err)
		return err;
	WRITE_ONCE(dfu->run.chained, false);
	err = dfu_submit_get_status(dfu, GFP_KERNEL);
	mutex_unlock(&dfu->submit_lock);
	if (err)
		return dfu_explain_submission(dfu, DFU_GETSTATUS, err);
	err = dfu_await(&dfu->status);
	if (err)
		return dfu_explain(dfu, DFU_GETSTATUS, err);
	dfu_take_status(dfu, st);
	return 0;
}

/**
 * uxmc_dfu_submit_blocks - send the run, or what is left of it
 * @dfu: the interface, with its @run
 *
 * Each block is a DFU_DNLOAD, with a DFU_GETSTATUS right behind it. Unless this
 * fails uxmc_dfu_await_blocks() has to follow.
 *
 * Return: 0; -EMSGSIZE where the host controller does not take a block of that
 * size; or an error as above.
 */
int uxmc_dfu_submit_blocks(struct uxmc_dfu *dfu)
{
	int err = dfu_lock_submission(dfu);

	if (err)
		return err;
	dfu->run.pause = ktime_add_ms(ktime_get(), DFU_PAUSE);
	WRITE_ONCE(dfu->run.chained, true);
	err = dfu_submit_block(dfu, GFP_KERNEL);
	mutex_unlock(&dfu->submit_lock);
	if (err && !dfu->run.queued)
		return dfu_explain_submission(dfu, DFU_DNLOAD, err);
	/* Without its status the block is on its way all the same. */
	if (err)
		complete(&dfu->status.done);
	return 0;
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

/*
 * Afterwards nothing touches the run's data. From the end of the queue, or the
 * device would get what is behind what is killed; the status' handler, which
 * submits blocks, has ended before the block is killed.
 */
static void dfu_end_blocks(struct uxmc_dfu *dfu)
{
	WRITE_ONCE(dfu->run.chained, false);
	usb_kill_urb(dfu->status.urb);
	usb_kill_urb(dfu->transfer.urb);
}

/**
 * uxmc_dfu_await_blocks - wait until there is more to do than to send on
 * @dfu: the interface
 * @st: the module's last status, also after a block that it refused; as it was
 *	where the module did not say
 *
 * Returns when all of the run is written, when the module wants anything else
 * than the next block at once, and after %DFU_PAUSE. The run's data are the
 * caller's then.
 *
 * Return: 0; -EAGAIN when the next block could not be submitted by the
 * completion handler; or an error as above.
 */
int uxmc_dfu_await_blocks(struct uxmc_dfu *dfu, struct uxmc_dfu_status *st)
{
	int err, status_err;
	bool late;

	if (dfu_wait_blocks(dfu))
		late = dfu->run.queued && !dfu_wait(&dfu->transfer);
	else
		late = !completion_done(&dfu->transfer.done);
	dfu_end_blocks(dfu);
	if (!dfu->run.queued)
		return -EAGAIN;

	err = dfu_result(&dfu->transfer);
	if (dfu->run.queued == 1) {
		status_err = err == -ETIMEDOUT ? err :
			uxmc_dfu_get_status(dfu, st);
		return err ? dfu_explain(dfu, DFU_DNLOAD, err) : status_err;
	}
	status_err = dfu_result(&dfu->status);
	if (!status_err)
		dfu_take_status(dfu, st);
	else if (late)	/* it may have gone on when the status was killed */
		err = -ETIMEDOUT;
	if (err)
		return dfu_explain(dfu, DFU_DNLOAD, err);
	return status_err ? dfu_explain(dfu, DFU_GETSTATUS, status_err) : 0;
}
