// SPDX-License-Identifier: GPL-2.0-only
/*
 * USB Device Firmware Upgrade 1.1, the host's side. Section and table numbers
 * are those of the USB-IF's "Device Class Specification for Device Firmware
 * Upgrade", revision 1.1.
 *
 * There is one URB per interface. Whoever runs requests does so alone (the
 * update's worker); disconnect poisons the URB, which ends a request under way
 * and refuses every later one, so nothing is on the bus once it has returned.
 */
#include <linux/slab.h>

#include "dfu.h"
#include "timing.h"

/* Table 3.2, bRequest */
enum dfu_request {
	DFU_DETACH,
	DFU_DNLOAD,
	DFU_UPLOAD,
	DFU_GETSTATUS,
	DFU_CLRSTATUS,
	DFU_GETSTATE,
	DFU_ABORT,
};

static const char * const dfu_request_name[] = {
	[DFU_DETACH] = "DFU_DETACH",
	[DFU_DNLOAD] = "DFU_DNLOAD",
	[DFU_UPLOAD] = "DFU_UPLOAD",
	[DFU_GETSTATUS] = "DFU_GETSTATUS",
	[DFU_CLRSTATUS] = "DFU_CLRSTATUS",
	[DFU_GETSTATE] = "DFU_GETSTATE",
	[DFU_ABORT] = "DFU_ABORT",
};

/* Section 6.1.2, bState */
enum dfu_state {
	APP_IDLE,
	APP_DETACH,
	DFU_IDLE,
	DFU_DNLOAD_SYNC,
	DFU_DNBUSY,
	DFU_DNLOAD_IDLE,
	DFU_MANIFEST_SYNC,
	DFU_MANIFEST,
	DFU_MANIFEST_WAIT_RESET,
	DFU_UPLOAD_IDLE,
	DFU_ERROR,
};

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

/* Section 6.1.2, the answer to DFU_GETSTATUS */
struct uxmc_dfu_status {
	u8 bStatus;
	u8 bwPollTimeout[3];
	u8 bState;
	u8 iString;
} __packed;

/* Section 4.1.3; DFU 1.0 has it without bcdDFUVersion, hence 7 bytes */
#define DFU_FUNCTIONAL		0x21
#define DFU_FUNCTIONAL_MIN	7

/*
 * A control transfer of more than a page is beyond some controllers for full
 * speed (ohci-hcd); DFU leaves it to the host to send less than wTransferSize.
 */
#define DFU_TRANSFER_FULL_SPEED	4096

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

static unsigned int dfu_poll_timeout(const struct uxmc_dfu_status *st)
{
	return st->bwPollTimeout[0] | st->bwPollTimeout[1] << 8 |
		st->bwPollTimeout[2] << 16;
}

static __printf(3, 4)
int dfu_fail(struct uxmc_dfu *dfu, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(dfu->why, sizeof(dfu->why), fmt, args);
	va_end(args);
	return err;
}

static void dfu_parse_functional(struct uxmc_dfu *dfu,
				 const struct usb_host_interface *alt)
{
	const u8 *extra = alt->extra;
	int left = alt->extralen;

	while (left >= 2 && extra[0] >= 2 && extra[0] <= left) {
		if (extra[1] != DFU_FUNCTIONAL) {
			left -= extra[0];
			extra += extra[0];
			continue;
		}
		if (extra[0] < DFU_FUNCTIONAL_MIN) {
			dfu->malformed = "is too short";
			return;
		}
		dfu->attributes = extra[2];
		dfu->detach_timeout = extra[3] | extra[4] << 8;
		dfu->transfer_size = extra[5] | extra[6] << 8;
		if (dfu->udev->speed < USB_SPEED_HIGH)
			dfu->transfer_size = min_t(u16, dfu->transfer_size,
						   DFU_TRANSFER_FULL_SPEED);
		if (!(dfu->attributes & DFU_CAN_DNLOAD))
			dfu->malformed = "says that it takes no firmware";
		else if (!dfu->transfer_size)
			dfu->malformed = "has a wTransferSize of 0";
		return;
	}
	dfu->malformed = "is missing or malformed";
}

static void dfu_free(struct kref *ref)
{
	struct uxmc_dfu *dfu = container_of(ref, struct uxmc_dfu, ref);

	usb_free_urb(dfu->urb);
	kfree(dfu->setup);
	kfree(dfu->answer);
	usb_put_intf(dfu->intf);
	usb_put_dev(dfu->udev);
	mutex_destroy(&dfu->lock);
	kfree(dfu);
}

/**
 * uxmc_dfu_create - the DFU interface @intf, with its descriptor read
 * @intf: an interface of class 0xfe, subclass 1
 *
 * A bad functional descriptor is no error here but remembered in @malformed:
 * the module is there, and an update says what is wrong with it.
 *
 * Return: the object with one reference, or NULL without memory.
 */
struct uxmc_dfu *uxmc_dfu_create(struct usb_interface *intf)
{
	const struct usb_host_interface *alt = intf->cur_altsetting;
	struct uxmc_dfu *dfu = kzalloc(sizeof(*dfu), GFP_KERNEL);

	if (!dfu)
		return NULL;
	kref_init(&dfu->ref);
	mutex_init(&dfu->lock);
	init_waitqueue_head(&dfu->wait);
	init_completion(&dfu->done);
	dfu->udev = usb_get_dev(interface_to_usbdev(intf));
	dfu->intf = usb_get_intf(intf);
	dfu->runtime = alt->desc.bInterfaceProtocol != UXMC_DFU_MODE;
	dfu_parse_functional(dfu, alt);

	dfu->urb = usb_alloc_urb(0, GFP_KERNEL);
	dfu->setup = kmalloc(sizeof(*dfu->setup), GFP_KERNEL);
	dfu->answer = kmalloc(sizeof(*dfu->answer), GFP_KERNEL);
	if (!dfu->urb || !dfu->setup || !dfu->answer) {
		uxmc_dfu_put(dfu);
		return NULL;
	}
	return dfu;
}

struct uxmc_dfu *uxmc_dfu_get(struct uxmc_dfu *dfu)
{
	kref_get(&dfu->ref);
	return dfu;
}

void uxmc_dfu_put(struct uxmc_dfu *dfu)
{
	kref_put(&dfu->ref, dfu_free);
}

/**
 * uxmc_dfu_disconnect - end all traffic; none follows
 * @dfu: the interface, being unbound
 */
void uxmc_dfu_disconnect(struct uxmc_dfu *dfu)
{
	mutex_lock(&dfu->lock);
	WRITE_ONCE(dfu->gone, true);
	mutex_unlock(&dfu->lock);
	usb_poison_urb(dfu->urb);
	wake_up_all(&dfu->wait);
}

/**
 * uxmc_dfu_hold - keep the module from being suspended
 * @dfu: the interface
 *
 * Return: 0, or -ENODEV when it is gone, or the error of waking it.
 */
int uxmc_dfu_hold(struct uxmc_dfu *dfu)
{
	int err = -ENODEV;

	mutex_lock(&dfu->lock);
	if (!dfu->gone)
		err = usb_autopm_get_interface(dfu->intf);
	dfu->held = !err;
	mutex_unlock(&dfu->lock);
	return err ? dfu_fail(dfu, err, "the module cannot be woken up") : 0;
}

/* Also after disconnect: the count is the interface's, which outlives it. */
void uxmc_dfu_release(struct uxmc_dfu *dfu)
{
	mutex_lock(&dfu->lock);
	if (dfu->held)
		usb_autopm_put_interface(dfu->intf);
	dfu->held = false;
	mutex_unlock(&dfu->lock);
}

/**
 * uxmc_dfu_was_reset - the module has been reset
 * @dfu: the interface
 *
 * Told by whoever does it, or else nobody would know: a module that keeps its
 * descriptors is in dfuIDLE then, and would take the rest of an image as one.
 */
void uxmc_dfu_was_reset(struct uxmc_dfu *dfu)
{
	WRITE_ONCE(dfu->was_reset, true);
}

static int dfu_sleep(struct uxmc_dfu *dfu, unsigned int ms)
{
	if (!ms)
		return READ_ONCE(dfu->gone) ? -ENODEV : 0;
	/* -ETIME is the good end: slept all of it, and still there. */
	return wait_event_interruptible_hrtimeout(dfu->wait,
						  READ_ONCE(dfu->gone),
						  ms_to_ktime(ms)) ?
		0 : -ENODEV;
}

static void dfu_complete(struct urb *urb)
{
	complete(urb->context);
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
		return dfu_fail(dfu, -ENODEV, "the module left the bus");

	switch (err) {
	case -EPIPE:
		return dfu_fail(dfu, err, "the module refused %s", name);
	case -ETIMEDOUT:
		return dfu_fail(dfu, err,
				"the module did not answer %s within %u ms",
				name, uxmc_timing.control);
	case -EMSGSIZE:
		return dfu_fail(dfu, -EPROTO,
				"the module's answer to %s is too short", name);
	default:
		return dfu_fail(dfu, -EIO, "%s failed with USB error %d",
				name, err);
	}
}

/* One control transfer on the interface; a short one is an error. */
static int dfu_control(struct uxmc_dfu *dfu, enum dfu_request request,
		       u16 value, void *data, u16 len)
{
	bool in = request == DFU_GETSTATUS;
	struct urb *urb = dfu->urb;
	int err;

	dfu->setup->bRequestType = USB_TYPE_CLASS | USB_RECIP_INTERFACE |
		(in ? USB_DIR_IN : USB_DIR_OUT);
	dfu->setup->bRequest = request;
	dfu->setup->wValue = cpu_to_le16(value);
	dfu->setup->wIndex =
		cpu_to_le16(dfu->intf->cur_altsetting->desc.bInterfaceNumber);
	dfu->setup->wLength = cpu_to_le16(len);
	usb_fill_control_urb(urb, dfu->udev,
			     in ? usb_rcvctrlpipe(dfu->udev, 0) :
			     usb_sndctrlpipe(dfu->udev, 0),
			     (unsigned char *)dfu->setup, data, len,
			     dfu_complete, &dfu->done);

	reinit_completion(&dfu->done);
	err = usb_submit_urb(urb, GFP_KERNEL);
	if (err)
		return dfu_explain(dfu, request, err);
	if (!wait_for_completion_timeout(&dfu->done,
					 msecs_to_jiffies(uxmc_timing.control)))
		usb_kill_urb(urb);

	err = urb->status;
	if (err == -ENOENT)	/* killed: too late, or poisoned */
		err = -ETIMEDOUT;
	else if (!err && urb->actual_length != len)
		err = -EMSGSIZE;
	return err ? dfu_explain(dfu, request, err) : 0;
}

static int dfu_get_status(struct uxmc_dfu *dfu, struct uxmc_dfu_status *st)
{
	int err = dfu_control(dfu, DFU_GETSTATUS, 0, dfu->answer,
			      sizeof(*dfu->answer));

	if (!err)
		*st = *dfu->answer;
	return err;
}

static int dfu_clear_status(struct uxmc_dfu *dfu)
{
	return dfu_control(dfu, DFU_CLRSTATUS, 0, NULL, 0);
}

/**
 * uxmc_dfu_abort - give up a download that has not been manifested
 * @dfu: the interface, in dfuDNLOAD-IDLE
 */
void uxmc_dfu_abort(struct uxmc_dfu *dfu)
{
	dfu_control(dfu, DFU_ABORT, 0, NULL, 0);
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
	int err;

	if (dfu->malformed)
		return dfu_fail(dfu, -EINVAL,
				"the module's DFU functional descriptor %s",
				dfu->malformed);
	err = dfu_control(dfu, DFU_DETACH, dfu->detach_timeout, NULL, 0);
	return err == -ENODEV ? 0 : err;
}

/**
 * uxmc_dfu_reset - USB reset
 * @dfu: the interface
 *
 * A module that changes its mode on it is disconnected and found anew, which
 * is what the caller waits for: so its going away meanwhile is no error.
 *
 * Return: 0, or an error where the reset could not be tried.
 */
int uxmc_dfu_reset(struct uxmc_dfu *dfu)
{
	int err = usb_lock_device_for_reset(dfu->udev, dfu->intf);

	if (err == -ENODEV || err == -EINTR)
		return 0;
	if (err)
		return dfu_fail(dfu, err, "the module cannot be reset (%d)",
				err);
	/* Unbinding needs the lock that is held now. */
	if (!READ_ONCE(dfu->gone))
		usb_reset_device(dfu->udev);
	usb_unlock_device(dfu->udev);
	return 0;
}

static int dfu_bad_status(struct uxmc_dfu *dfu,
			  const struct uxmc_dfu_status *st)
{
	return dfu_fail(dfu, -EPROTO, "the module reports %s in state %s",
			dfu_status_str(st->bStatus), dfu_state_str(st->bState));
}

/*
 * Poll while the module is in a state of @busy, until in one of @wanted;
 * both are masks of BIT(bState). bwPollTimeout is obeyed, zero as zero, but
 * never beyond @timeout ms in all.
 */
static int dfu_poll(struct uxmc_dfu *dfu, unsigned long busy,
		    unsigned long wanted, unsigned int timeout)
{
	unsigned long end = jiffies + msecs_to_jiffies(timeout);
	struct uxmc_dfu_status st;
	unsigned int polls, ms;
	long left;
	int err;

	for (polls = 0; ; polls++) {
		err = dfu_get_status(dfu, &st);
		if (err)
			return err;
		if (st.bStatus || st.bState == DFU_ERROR)
			return dfu_bad_status(dfu, &st);
		if (st.bState > DFU_ERROR ||
		    !(BIT(st.bState) & (busy | wanted)))
			return dfu_fail(dfu, -EPROTO,
					"the module is in the wrong state, %s",
					dfu_state_str(st.bState));

		ms = dfu_poll_timeout(&st);
		if (!ms && polls >= DFU_EAGER_POLLS)
			ms = 1;
		left = end - jiffies;
		left = left > 0 ? jiffies_to_msecs(left) : 0;
		if (dfu_sleep(dfu, min_t(unsigned int, ms, left)))
			return dfu_fail(dfu, -ENODEV, "the module left the bus");
		if (ms > left)
			return dfu_fail(dfu, -ETIMEDOUT,
					"the module is still in %s after %u ms",
					dfu_state_str(st.bState), timeout);
		if (BIT(st.bState) & wanted)
			return 0;
	}
}

/* Table A.2: the way to dfuIDLE from wherever the module was left. */
static int dfu_step_to_idle(struct uxmc_dfu *dfu,
			    const struct uxmc_dfu_status *st)
{
	switch (st->bState) {
	case DFU_ERROR:
		return dfu_clear_status(dfu);
	case DFU_DNLOAD_SYNC:
	case DFU_DNLOAD_IDLE:
	case DFU_MANIFEST_SYNC:
	case DFU_UPLOAD_IDLE:
		return dfu_control(dfu, DFU_ABORT, 0, NULL, 0);
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
	return dfu_fail(dfu, -EPROTO,
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
	int err;

	if (dfu->malformed)
		return dfu_fail(dfu, -EINVAL,
				"the module's DFU functional descriptor %s",
				dfu->malformed);
	WRITE_ONCE(dfu->was_reset, false);
	do {
		err = dfu_get_status(dfu, &st);
		if (!err && st.bState == DFU_IDLE && !st.bStatus)
			return 0;
		if (!err)
			err = dfu_step_to_idle(dfu, &st);
		if (err == -EPROTO)
			break;
		if (err && (err != -EPIPE || ++stalls == DFU_FIRST_CONTACTS))
			return err;
		/* Nothing that lasts is asked for at the speed of the bus. */
		if (dfu_sleep(dfu, err ? 20 : 1))
			return dfu_fail(dfu, -ENODEV, "the module left the bus");
	} while (time_before(jiffies, end));

	return dfu_give_up(dfu, st.bState);
}

/* A module that refuses a block leaves the reason in its status. */
static int dfu_dnload(struct uxmc_dfu *dfu, u16 block, void *data, u16 len)
{
	struct uxmc_dfu_status st;
	int err;

	if (READ_ONCE(dfu->was_reset))
		return dfu_fail(dfu, -EPROTO,
				"the module was reset by somebody else");
	err = dfu_control(dfu, DFU_DNLOAD, block, data, len);
	if (err == -EPIPE && !dfu_get_status(dfu, &st))
		return dfu_bad_status(dfu, &st);
	return err;
}

/**
 * uxmc_dfu_download - one block, sections 6.1.1 and 6.1.2
 * @dfu: the interface, in dfuIDLE or dfuDNLOAD-IDLE
 * @block: wBlockNum, which wraps
 * @data: the block, in memory fit for DMA
 * @len: 1 to wTransferSize bytes
 *
 * Return: 0 with the module in dfuDNLOAD-IDLE, -EPROTO, -ETIMEDOUT, or a
 * transfer's error.
 */
int uxmc_dfu_download(struct uxmc_dfu *dfu, u16 block, void *data, u16 len)
{
	int err = dfu_dnload(dfu, block, data, len);

	if (err)
		return err;
	return dfu_poll(dfu, BIT(DFU_DNLOAD_SYNC) | BIT(DFU_DNBUSY),
			BIT(DFU_DNLOAD_IDLE), uxmc_timing.block);
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
	int err;

	for (;;) {
		err = dfu_poll(dfu, BIT(DFU_MANIFEST_SYNC) | BIT(DFU_MANIFEST),
			       BIT(DFU_IDLE) | BIT(DFU_MANIFEST_WAIT_RESET),
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
	int err = dfu_dnload(dfu, block, NULL, 0);

	if (err)
		return err;
	err = dfu_await_manifestation(dfu, dfu->attributes &
				      DFU_MANIFESTATION_TOLERANT);
	return err == -ENODEV ? 0 : err;
}
