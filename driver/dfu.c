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
#define DFU_SILENT_POLL		200
/* A module just back on the bus may stall its first requests, or worse. */
#define DFU_FIRST_CONTACTS	5
/* Between two of them, milliseconds */
#define DFU_CONTACT_POLL	20

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

static int dfu_sleep(struct uxmc_dfu *dfu, unsigned int ms)
{
	return uxmc_dfu_sleep_until(dfu, ktime_add_ms(ktime_get(), ms));
}

static bool dfu_is_late(const struct uxmc_dfu *dfu)
{
	return ktime_after(ktime_get(), dfu->deadline);
}

/**
 * uxmc_dfu_abort - give up a download that has not been manifested
 * @dfu: the interface, in dfuDNLOAD-IDLE
 */
void uxmc_dfu_abort(struct uxmc_dfu *dfu)
{
	uxmc_dfu_set_deadline(dfu, uxmc_timing.block);
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
	uxmc_dfu_set_deadline(dfu, uxmc_timing.control);
	err = uxmc_dfu_request(dfu, DFU_DETACH, dfu->detach_timeout);
	return err == -ENODEV && !uxmc_dfu_is_unbound(dfu) ? 0 : err;
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
 * one of @wanted; both are masks of BIT(bState). A bwPollTimeout of zero is obeyed
 * as zero. Ends at the deadline, of @timeout ms, at the latest.
 */
static int dfu_settle(struct uxmc_dfu *dfu, struct uxmc_dfu_status *st,
		      unsigned long busy, unsigned long wanted,
		      unsigned int timeout)
{
	unsigned int polls;
	int err;

	for (polls = 0; ; polls++) {
		err = dfu_check_status(dfu, st, busy | wanted);
		if (err || BIT(st->bState) & wanted)
			return err;
		if (polls >= DFU_EAGER_POLLS && !dfu_poll_timeout(st))
			dfu->ready = ktime_add_ms(dfu->answered, 1);
		err = ktime_after(dfu->ready, dfu->deadline) ?
			uxmc_dfu_sleep_until(dfu, dfu->deadline) :
			uxmc_dfu_get_status(dfu, st);
		if (err)
			return err;
		if (dfu_is_late(dfu) && BIT(st->bState) & busy)
			return uxmc_dfu_fail(dfu, -ETIMEDOUT,
					     "the module is still in %s after %u ms",
					     dfu_state_str(st->bState), timeout);
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
		return 0;
	default:
		return uxmc_dfu_fail(dfu, -EBUSY,
				     "the module did not get ready, it stayed in %s",
				     dfu_state_str(st->bState));
	}
}

/**
 * uxmc_dfu_make_idle - bring a module in DFU mode to dfuIDLE
 * @dfu: the interface
 *
 * From any state that an earlier, broken update can have left behind, and with
 * some patience for a module that is just back on the bus.
 *
 * Return: 0, -EINVAL for a bad functional descriptor, -EBUSY where the module
 * does not get there (what helps then is a reset, section A.1), or a transfer's
 * error.
 */
int uxmc_dfu_make_idle(struct uxmc_dfu *dfu)
{
	struct uxmc_dfu_status st = { .bState = DFU_STATE_UNKNOWN };
	int contacts = 0;
	int err = dfu_check_descriptor(dfu);

	if (err)
		return err;
	dfu->run.too_large = false;
	uxmc_dfu_set_deadline(dfu, uxmc_timing.block);
	do {
		err = uxmc_dfu_get_status(dfu, &st);
		if (!err && st.bState == DFU_IDLE && !st.bStatus)
			return 0;
		if (!err)
			err = dfu_step_to_idle(dfu, &st);
		else if (err == -ETIMEDOUT && ktime_after(dfu->ready, dfu->deadline))
			break;
		if (err && err != -EPIPE && err != -EPROTO)
			return err;
		/* Of what is refused again and again a reset may be the cure. */
		if (err && ++contacts == DFU_FIRST_CONTACTS)
			return err == -EPIPE ? -EBUSY : err;
		/* Nothing that lasts is asked for at the speed of the bus. */
		err = dfu_sleep(dfu, err ? DFU_CONTACT_POLL : 1);
		if (err)
			return err;
	} while (!dfu_is_late(dfu));

	return uxmc_dfu_fail(dfu, -EBUSY,
			     "the module did not get ready within %u ms, it stayed in %s",
			     uxmc_timing.block, dfu_state_str(st.bState));
}

/* A module that refuses a block leaves the reason in its status. */
static int dfu_refused(struct uxmc_dfu *dfu, int err,
		       const struct uxmc_dfu_status *st)
{
	if (err == -EPIPE && (st->bStatus || st->bState == DFU_ERROR))
		return dfu_bad_status(dfu, st);
	return err;
}

/*
 * Some host controllers refuse long control transfers (ohci-hcd those of more
 * than 4096 bytes, ehci-hcd of more than 16384), some modules the wTransferSize
 * that they state.
 */
static void dfu_note_too_large(struct uxmc_dfu *dfu, int err,
			       const struct uxmc_dfu_status *st)
{
	dfu->run.too_large = err == -EMSGSIZE ||
		(err == -EPIPE && (st->bStatus == DFU_OK ||
				   st->bStatus == DFU_ERR_STALLEDPKT));
}

static int dfu_check_pace(struct uxmc_dfu *dfu)
{
	return ktime_after(ktime_get(), dfu->run.end) ?
		uxmc_dfu_fail(dfu, -ETIMEDOUT,
			      "the module takes less than %u bytes a second",
			      uxmc_timing.rate) : 0;
}

/**
 * uxmc_dfu_begin_download - begin to send blocks, sections 6.1.1 and 6.1.2
 * @dfu: the interface, in dfuIDLE or dfuDNLOAD-IDLE
 * @block: wBlockNum of the first, which wraps
 * @size: bytes of a block, up to wTransferSize
 * @data: the blocks, in memory fit for DMA; not the caller's until
 *	uxmc_dfu_continue_download() has sent all of them, or has failed
 * @len: how many bytes, at least 1
 *
 * Return: 0; -ETIMEDOUT after @run.end; or a transfer's error; @run.too_large says
 * whether smaller blocks might help.
 */
int uxmc_dfu_begin_download(struct uxmc_dfu *dfu, u16 block, u16 size,
			    u8 *data, size_t len)
{
	static const struct uxmc_dfu_status none = {};
	int err = dfu_check_pace(dfu);

	if (err)
		return err;
	dfu->run.data = data;
	dfu->run.left = len;
	dfu->run.size = size;
	dfu->run.block = block;
	uxmc_dfu_set_deadline(dfu, uxmc_timing.block);
	err = uxmc_dfu_submit_blocks(dfu);
	dfu_note_too_large(dfu, err, &none);
	return err;
}

/**
 * uxmc_dfu_continue_download - wait for blocks and submit the next ones
 * @dfu: the interface, sending blocks
 *
 * To be called until there are none left in its @run, or it fails. Returns several
 * times a second, or when the module has had all the time that it asked for.
 *
 * Return: 0; with none left the module is in dfuDNLOAD-IDLE. -EPROTO, -ETIMEDOUT,
 * or a transfer's error, with @run.too_large as above: then nothing is on its
 * way.
 */
int uxmc_dfu_continue_download(struct uxmc_dfu *dfu)
{
	struct uxmc_dfu_status st = {};
	int err = uxmc_dfu_await_blocks(dfu, &st);

	if (err && err != -EAGAIN) {
		dfu_note_too_large(dfu, err, &st);
		return dfu_refused(dfu, err, &st);
	}
	if (!err) {
		err = dfu_settle(dfu, &st, BIT(DFU_DNLOAD_SYNC) |
				 BIT(DFU_DNBUSY), BIT(DFU_DNLOAD_IDLE),
				 uxmc_timing.block);
		if (err)
			return err;
		uxmc_dfu_block_written(dfu);
	}
	if (!dfu->run.left)
		return 0;
	uxmc_dfu_set_deadline(dfu, uxmc_timing.block);
	err = dfu_check_pace(dfu);
	return err ? err : uxmc_dfu_submit_blocks(dfu);
}

/*
 * How long silence is no failure of a module that is not manifestation-tolerant:
 * as long again as the bwPollTimeout of dfuMANIFEST, for afterwards it may just
 * wait for its reset.
 */
static ktime_t dfu_silence_end(const struct uxmc_dfu *dfu,
			       const struct uxmc_dfu_status *st, ktime_t end)
{
	unsigned int ms = dfu_poll_timeout(st);

	if (st->bState != DFU_MANIFEST || !ms)
		return end;
	return min(end, ktime_add_ms(dfu->ready, ms));
}

/**
 * uxmc_dfu_await_manifestation - see a module through manifestation, section 7
 * @dfu: the interface, after the zero-length DFU_DNLOAD
 *
 * Not every module answers while it manifests (section A.2.8), and one that is
 * not tolerant need not answer ever again. So no answer is no failure, for a
 * while; what the module runs when it is back decides.
 *
 * Return: 1 when the module says that it has manifested; 0 when it has not said so
 * or has left the bus; -EPROTO where it rejects the image; -ETIMEDOUT; or a
 * transfer's error.
 */
int uxmc_dfu_await_manifestation(struct uxmc_dfu *dfu)
{
	bool tolerant = dfu->attributes & DFU_MANIFESTATION_TOLERANT;
	ktime_t end = ktime_add_ms(ktime_get(), uxmc_timing.block);
	struct uxmc_dfu_status st = {};
	int err;

	uxmc_dfu_set_deadline(dfu, uxmc_timing.manifest);
	for (;;) {
		err = uxmc_dfu_get_status(dfu, &st);
		if (!err)
			err = dfu_settle(dfu, &st, BIT(DFU_MANIFEST_SYNC) |
					 BIT(DFU_MANIFEST), BIT(DFU_IDLE) |
					 BIT(DFU_MANIFEST_WAIT_RESET),
					 uxmc_timing.manifest);
		if (!err)
			return 1;
		if (err == -ENODEV)
			return 0;
		/* What the host has no memory for now it may have in a moment. */
		if ((err != -EPIPE && err != -EIO && err != -ETIMEDOUT &&
		     err != -ENOMEM) || dfu_is_late(dfu))
			return err;
		end = dfu_silence_end(dfu, &st, end);
		if (!tolerant && ktime_after(ktime_get(), end))
			return 0;
		err = dfu_sleep(dfu, DFU_SILENT_POLL);
		if (err)
			return err == -ENODEV ? 0 : err;
	}
}

/**
 * uxmc_dfu_manifest - the zero-length DFU_DNLOAD, section 6.1.1
 * @dfu: the interface, in dfuDNLOAD-IDLE
 * @block: wBlockNum after the last block's
 *
 * Return: 0; -EPROTO where the module rejects the image; or a transfer's error.
 */
int uxmc_dfu_manifest(struct uxmc_dfu *dfu, u16 block)
{
	struct uxmc_dfu_status st = {};
	int err;

	uxmc_dfu_set_deadline(dfu, uxmc_timing.block);
	err = uxmc_dfu_request(dfu, DFU_DNLOAD, block);
	if (err == -EPIPE && !uxmc_dfu_get_status(dfu, &st))
		return dfu_refused(dfu, err, &st);
	return err;
}
