// SPDX-License-Identifier: GPL-2.0-only
/*
 * USB Device Firmware Upgrade 1.1, the host's side: its state machine. Section
 * and table numbers are those of the USB-IF's "Device Class Specification for
 * Device Firmware Upgrade", revision 1.1.
 */
#include "dfu.h"
#include "dfu_request.h"
#include "timing.h"

static const char * const dfu_state_name[] = {
	[APP_IDLE] = "appIDLE",
	[APP_DETACH] = "appDETACH",
	[DFU_IDLE] = "dfuIDLE",
	[DFU_DNLOAD_SYNC] = "dfuDNLOAD-SYNC",
	[DFU_DNBUSY] = "dfuDNBUSY",
	[DFU_DNLOAD_IDLE] = "dfuDNLOAD-IDLE",
	[DFU_MANIFEST_SYNC] = "dfuMANIFEST-SYNC",
	[DFU_MANIFEST] = "dfuMANIFEST",
	[DFU_MANIFEST_WAIT_RESET] = "dfuMANIFEST-WAIT-RESET",
	[DFU_UPLOAD_IDLE] = "dfuUPLOAD-IDLE",
	[DFU_ERROR] = "dfuERROR",
};

/* Section 6.1.2, bStatus */
static const char * const dfu_status_name[] = {
	"OK", "errTARGET", "errFILE", "errWRITE", "errERASE",
	"errCHECK_ERASED", "errPROG", "errVERIFY", "errADDRESS",
	"errNOTDONE", "errFIRMWARE", "errVENDOR", "errUSBR", "errPOR",
	"errUNKNOWN", "errSTALLEDPKT",
};

/* Polls at full speed before a busy module that asks for no wait gets one. */
#define DFU_EAGER_POLLS		16
/* Between two polls of a module that does not answer, milliseconds */
#define DFU_SILENT_POLL	200
/* A module just back on the bus may stall its first requests. */
#define DFU_FIRST_CONTACTS	5

static const char *dfu_state_str(u8 state)
{
	return state < ARRAY_SIZE(dfu_state_name) ?
		dfu_state_name[state] : "an unknown state";
}

static const char *dfu_status_str(u8 status)
{
	return status < ARRAY_SIZE(dfu_status_name) ?
		dfu_status_name[status] : "an unknown error";
}

/* To the microsecond: DFU sleeps once for each block, for a millisecond or so. */
static int dfu_sleep_until(struct uxmc_dfu *dfu, ktime_t end)
{
	DEFINE_WAIT(wait);
	int ret;

	do {
		prepare_to_wait(&dfu->wait, &wait, TASK_IDLE);
		if (READ_ONCE(dfu->gone))
			break;
		ret = schedule_hrtimeout(&end, HRTIMER_MODE_ABS);
	} while (ret);
	finish_wait(&dfu->wait, &wait);
	return READ_ONCE(dfu->gone) ?
		uxmc_dfu_fail(dfu, -ENODEV, "the module left the bus") : 0;
}

static int dfu_sleep(struct uxmc_dfu *dfu, unsigned int ms)
{
	return dfu_sleep_until(dfu, ktime_add_ms(ktime_get(), ms));
}

/**
 * uxmc_dfu_abort - give up a download that has not been manifested
 * @dfu: the interface, in dfuDNLOAD-IDLE
 */
void uxmc_dfu_abort(struct uxmc_dfu *dfu)
{
	uxmc_dfu_request(dfu, DFU_ABORT, 0);
}

static int dfu_check_descriptor(struct uxmc_dfu *dfu)
{
	return dfu->malformed ?
		uxmc_dfu_fail(dfu, -EINVAL,
			      "the module's DFU functional descriptor %s",
			      dfu->malformed) : 0;
}

/**
 * uxmc_dfu_detach - DFU_DETACH, section 5.1
 * @dfu: the interface, in application mode
 *
 * Asks for the longest time that the module allows for the reset. A module that
 * is gone before it has acknowledged has done what it was asked for.
 *
 * Return: 0, -EINVAL for a bad functional descriptor, or the transfer's error.
 */
int uxmc_dfu_detach(struct uxmc_dfu *dfu)
{
	int err = dfu_check_descriptor(dfu);

	if (err)
		return err;
	err = uxmc_dfu_request(dfu, DFU_DETACH, dfu->detach_timeout);
	return err == -ENODEV ? 0 : err;
}

static int dfu_bad_status(struct uxmc_dfu *dfu,
			  const struct uxmc_dfu_status *st)
{
	return uxmc_dfu_fail(dfu, -EPROTO, "the module reports %s in state %s",
			     dfu_status_str(st->bStatus),
			     dfu_state_str(st->bState));
}

/* Is the module in order, and in one of the states that are possible now? */
static int dfu_check_status(struct uxmc_dfu *dfu,
			    const struct uxmc_dfu_status *st,
			    unsigned long possible)
{
	if (st->bStatus || st->bState == DFU_ERROR)
		return dfu_bad_status(dfu, st);
	if (st->bState > DFU_ERROR || !(BIT(st->bState) & possible))
		return uxmc_dfu_fail(dfu, -EPROTO,
				     "the module is in the wrong state, %s",
				     dfu_state_str(st->bState));
	return 0;
}

/*
 * From the status @st on poll while the module is in a state of @busy, until in
 * one of @wanted; both are masks of BIT(bState). bwPollTimeout is obeyed, counted
 * from the status, zero as zero, but never beyond @timeout ms in all.
 */
static int dfu_settle(struct uxmc_dfu *dfu, struct uxmc_dfu_status *st,
		      unsigned long busy, unsigned long wanted,
		      unsigned int timeout)
{
	ktime_t end = ktime_add_ms(ktime_get(), timeout);
	unsigned int polls, ms;
	ktime_t next;
	int err;

	for (polls = 0; ; polls++) {
		err = dfu_check_status(dfu, st, busy | wanted);
		if (err)
			return err;

		ms = dfu_poll_timeout(st);
		if (!ms && polls >= DFU_EAGER_POLLS)
			ms = 1;
		next = ktime_add_ms(dfu->status.ended, ms);
		if (ms)
			err = dfu_sleep_until(dfu, min(next, end));
		if (err)
			return err;
		if (ktime_after(next, end))
			return uxmc_dfu_fail(dfu, -ETIMEDOUT,
					     "the module is still in %s after %u ms",
					     dfu_state_str(st->bState), timeout);

		if (BIT(st->bState) & wanted)
			return 0;
		err = uxmc_dfu_get_status(dfu, st);
		if (err)
			return err;
	}
}

/* Table A.2: the way to dfuIDLE from wherever the module was left. */
static int dfu_step_to_idle(struct uxmc_dfu *dfu,
			    const struct uxmc_dfu_status *st)
{
	switch (st->bState) {
	case DFU_ERROR:
		return uxmc_dfu_request(dfu, DFU_CLRSTATUS, 0);
	case DFU_DNLOAD_SYNC:
	case DFU_DNLOAD_IDLE:
	case DFU_MANIFEST_SYNC:
	case DFU_UPLOAD_IDLE:
		return uxmc_dfu_request(dfu, DFU_ABORT, 0);
	case DFU_DNBUSY:
	case DFU_MANIFEST:
		return dfu_sleep(dfu, min(dfu_poll_timeout(st),
					  uxmc_timing.block));
	default:
		return -EPROTO;
	}
}

/* The last resort, section A.1: what a reset does not cure, power does. */
static int dfu_give_up(struct uxmc_dfu *dfu, u8 state)
{
	uxmc_dfu_reset(dfu);
	return uxmc_dfu_fail(dfu, -EPROTO,
			     "the module did not get ready, it stayed in %s, and has been reset",
			     dfu_state_str(state));
}

/**
 * uxmc_dfu_make_idle - bring a module in DFU mode to dfuIDLE
 * @dfu: the interface
 *
 * From any state that an earlier, broken update can have left behind, and with
 * some patience for a module that is just back on the bus.
 *
 * Return: 0, -EINVAL for a bad functional descriptor, -EPROTO where the module
 * does not get there, or a transfer's error.
 */
int uxmc_dfu_make_idle(struct uxmc_dfu *dfu)
{
	unsigned long end = jiffies + msecs_to_jiffies(uxmc_timing.block);
	struct uxmc_dfu_status st = {};
	int stalls = 0;
	int err = dfu_check_descriptor(dfu);

	if (err)
		return err;
	WRITE_ONCE(dfu->was_reset, false);
	do {
		err = uxmc_dfu_get_status(dfu, &st);
		if (!err && st.bState == DFU_IDLE && !st.bStatus)
			return 0;
		if (!err)
			err = dfu_step_to_idle(dfu, &st);
		if (err == -EPROTO)
			break;
		if (err && (err != -EPIPE || ++stalls == DFU_FIRST_CONTACTS))
			return err;
		/* Nothing that lasts is asked for at the speed of the bus. */
		err = dfu_sleep(dfu, err ? 20 : 1);
		if (err)
			return err;
	} while (time_before(jiffies, end));

	return dfu_give_up(dfu, st.bState);
}

static int dfu_check_reset(struct uxmc_dfu *dfu)
{
	return READ_ONCE(dfu->was_reset) ?
		uxmc_dfu_fail(dfu, -EPROTO,
			      "the module was reset by somebody else") : 0;
}

/* A module that refuses a block leaves the reason in its status. */
static int dfu_refused(struct uxmc_dfu *dfu, int err,
		       const struct uxmc_dfu_status *st)
{
	if (err == -EPIPE && (st->bStatus || st->bState == DFU_ERROR))
		return dfu_bad_status(dfu, st);
	return err;
}

/**
 * uxmc_dfu_begin_download - begin to send blocks, sections 6.1.1 and 6.1.2
 * @dfu: the interface, in dfuIDLE or dfuDNLOAD-IDLE
 * @block: wBlockNum of the first, which wraps
 * @size: bytes of a block, up to wTransferSize
 * @data: the blocks, in memory fit for DMA; to be left alone until
 *	uxmc_dfu_go_on() has sent all of them, or has failed
 * @len: how many bytes, at least 1
 *
 * Return: 0, or a transfer's error.
 */
int uxmc_dfu_begin_download(struct uxmc_dfu *dfu, u16 block, u16 size,
			    u8 *data, size_t len)
{
	int err = dfu_check_reset(dfu);

	dfu->run.data = data;
	dfu->run.left = len;
	dfu->run.size = size;
	dfu->run.block = block;
	return err ? err : uxmc_dfu_submit_blocks(dfu);
}

/**
 * uxmc_dfu_go_on - wait until blocks are written, and see to it that more follow
 * @dfu: the interface, sending blocks
 *
 * To be called until there are none left in its @run, or it fails. Returns several
 * times a second, or when the module has had all the time that it asked for.
 *
 * Return: 0; with none left the module is in dfuDNLOAD-IDLE. -EPROTO, -ETIMEDOUT,
 * or a transfer's error: then nothing is on its way.
 */
int uxmc_dfu_go_on(struct uxmc_dfu *dfu)
{
	struct uxmc_dfu_status st = {};
	int err = uxmc_dfu_await_blocks(dfu, &st);

	if (err)
		return dfu_refused(dfu, err, &st);
	err = dfu_settle(dfu, &st, BIT(DFU_DNLOAD_SYNC) | BIT(DFU_DNBUSY),
			 BIT(DFU_DNLOAD_IDLE), uxmc_timing.block);
	if (err)
		return err;

	uxmc_dfu_block_written(dfu);
	if (dfu->run.left)
		err = dfu_check_reset(dfu);
	if (dfu->run.left && !err)
		err = uxmc_dfu_submit_blocks(dfu);
	return err;
}

/*
 * Not every module answers while it manifests (section A.2.8), and one that is
 * not tolerant need not answer ever again: so no answer is no failure, for a
 * while. What the module runs when it is back decides.
 */
static int dfu_await_manifestation(struct uxmc_dfu *dfu, bool tolerant)
{
	unsigned long silent_end = jiffies +
		msecs_to_jiffies(uxmc_timing.block);
	unsigned long end = jiffies + msecs_to_jiffies(uxmc_timing.manifest);
	struct uxmc_dfu_status st;
	int err;

	for (;;) {
		err = uxmc_dfu_get_status(dfu, &st);
		if (!err)
			err = dfu_settle(dfu, &st, BIT(DFU_MANIFEST_SYNC) |
					 BIT(DFU_MANIFEST), BIT(DFU_IDLE) |
					 BIT(DFU_MANIFEST_WAIT_RESET),
					 uxmc_timing.manifest);
		if (err != -EPIPE && err != -EIO && err != -ETIMEDOUT)
			return err;
		if (time_after_eq(jiffies, end))
			return err;
		if (!tolerant && time_after_eq(jiffies, silent_end))
			return 0;
		if (dfu_sleep(dfu, DFU_SILENT_POLL))
			return -ENODEV;
	}
}

/**
 * uxmc_dfu_manifest - the zero-length DFU_DNLOAD and manifestation, section 7
 * @dfu: the interface, in dfuDNLOAD-IDLE
 * @block: wBlockNum after the last block's
 *
 * Return: 0, also when the module has left the bus meanwhile; -EPROTO where it
 * rejects the image; -ETIMEDOUT; or a transfer's error.
 */
int uxmc_dfu_manifest(struct uxmc_dfu *dfu, u16 block)
{
	struct uxmc_dfu_status st = {};
	int err = dfu_check_reset(dfu);

	if (!err)
		err = uxmc_dfu_request(dfu, DFU_DNLOAD, block);
	if (err == -EPIPE && !uxmc_dfu_get_status(dfu, &st))
		return dfu_refused(dfu, err, &st);
	if (err)
		return err;
	err = dfu_await_manifestation(dfu, dfu->attributes &
				      DFU_MANIFESTATION_TOLERANT);
	return err == -ENODEV ? 0 : err;
}
