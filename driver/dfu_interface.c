// SPDX-License-Identifier: GPL-2.0-only
/*
 * A DFU interface: what its functional descriptor says, its probe and disconnect,
 * and what others do to its device: suspend, reset.
 *
 * Whoever runs requests does so alone (the update's worker). Reset, suspend and
 * disconnect stop it: they poison the URBs, which ends a request under way and
 * refuses every later one, so nothing is on the bus once they have returned.
 */
#include <linux/dma-mapping.h>
#include <linux/slab.h>
#include <linux/usb.h>
#include <linux/usb/hcd.h>

#include "dfu.h"
#include "dfu_request.h"

/* Section 4.1.3; DFU 1.0 has it without bcdDFUVersion, hence 7 bytes */
#define DFU_FUNCTIONAL		0x21
#define DFU_FUNCTIONAL_MIN	7

/*
 * A control transfer of more than a page is beyond some controllers for full
 * speed (ohci-hcd); DFU leaves it to the host to send less than wTransferSize.
 */
#define DFU_TRANSFER_PAGE	4096

/*
 * The buffers of an image are aligned to their size, but a bounce buffer of
 * swiotlb only to a page, and xHCI allows no data stage to cross a 64 KiB boundary
 * (xHCI 1.2 section 6.4.1).
 */
static bool dfu_may_bounce(const struct uxmc_dfu *dfu)
{
	struct usb_bus *bus = dfu->udev->bus;

	return hcd_uses_dma(bus_to_hcd(bus)) &&
		dma_max_mapping_size(bus->sysdev) != SIZE_MAX;
}

static const u8 *dfu_find_functional(const u8 *extra, int left)
{
	while (left >= 2 && extra[0] >= 2 && extra[0] <= left) {
		if (extra[1] == DFU_FUNCTIONAL)
			return extra;
		left -= extra[0];
		extra += extra[0];
	}
	return NULL;
}

/*
 * Section 4.1.3 has it behind the interface descriptor; with several alternate
 * settings, of which each is a region of memory, it is behind the last one.
 */
static const u8 *dfu_functional(const struct usb_interface *intf)
{
	const struct usb_host_interface *alt = intf->cur_altsetting;
	const u8 *found = dfu_find_functional(alt->extra, alt->extralen);
	unsigned int i;

	for (i = 0; !found && i < intf->num_altsetting; i++) {
		alt = &intf->altsetting[i];
		found = dfu_find_functional(alt->extra, alt->extralen);
	}
	return found;
}

static void dfu_parse_functional(struct uxmc_dfu *dfu)
{
	const u8 *functional = dfu_functional(dfu->intf);

	if (!functional) {
		dfu->malformed = "is missing or malformed";
		return;
	}
	if (functional[0] < DFU_FUNCTIONAL_MIN) {
		dfu->malformed = "is too short";
		return;
	}
	dfu->attributes = functional[2];
	dfu->detach_timeout = functional[3] | functional[4] << 8;
	dfu->transfer_size = functional[5] | functional[6] << 8;
	if (!(dfu->attributes & DFU_CAN_DNLOAD))
		dfu->malformed = "says that it takes no firmware";
	else if (!dfu->transfer_size)
		dfu->malformed = "has a wTransferSize of 0";
	else if (dfu->transfer_size < UXMC_DFU_TRANSFER_MIN)
		dfu->malformed = "has a wTransferSize of less than 64";
	if (dfu->udev->speed < USB_SPEED_HIGH || dfu_may_bounce(dfu))
		dfu->transfer_size = min_t(u16, dfu->transfer_size,
					   DFU_TRANSFER_PAGE);
}

static bool dfu_alloc_transfer(struct uxmc_dfu_transfer *transfer)
{
	init_completion(&transfer->done);
	transfer->urb = usb_alloc_urb(0, GFP_KERNEL);
	transfer->setup = kmalloc(sizeof(*transfer->setup), GFP_KERNEL);
	return transfer->urb && transfer->setup;
}

static void dfu_free_transfer(struct uxmc_dfu_transfer *transfer)
{
	usb_free_urb(transfer->urb);
	kfree(transfer->setup);
}

static void dfu_free(struct kref *ref)
{
	struct uxmc_dfu *dfu = container_of(ref, struct uxmc_dfu, ref);

	dfu_free_transfer(&dfu->status);
	dfu_free_transfer(&dfu->transfer);
	kfree(dfu->answer);
	usb_put_intf(dfu->intf);
	usb_put_dev(dfu->udev);
	mutex_destroy(&dfu->submit_lock);
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
	mutex_init(&dfu->submit_lock);
	init_waitqueue_head(&dfu->wait);
	dfu->udev = usb_get_dev(interface_to_usbdev(intf));
	dfu->intf = usb_get_intf(intf);
	dfu->runtime = alt->desc.bInterfaceProtocol != UXMC_DFU_MODE;
	dfu_parse_functional(dfu);

	dfu->answer = kmalloc(sizeof(*dfu->answer), GFP_KERNEL);
	if (!dfu_alloc_transfer(&dfu->transfer) ||
	    !dfu_alloc_transfer(&dfu->status) || !dfu->answer) {
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

/* When it returns nothing is on the bus, and nothing follows. */
static void dfu_stop(struct uxmc_dfu *dfu, enum uxmc_dfu_interruption why)
{
	mutex_lock(&dfu->submit_lock);
	if (why > dfu->interruption)
		WRITE_ONCE(dfu->interruption, why);
	mutex_unlock(&dfu->submit_lock);
	/* From the end of the queue, or what is behind would have its turn. */
	usb_poison_urb(dfu->status.urb);
	usb_poison_urb(dfu->transfer.urb);
	wake_up_all(&dfu->wait);
}

static void dfu_start(struct uxmc_dfu *dfu)
{
	usb_unpoison_urb(dfu->transfer.urb);
	usb_unpoison_urb(dfu->status.urb);
	wake_up_all(&dfu->wait);
}

static void dfu_drop_hold(struct uxmc_dfu *dfu)
{
	lockdep_assert_held(&dfu->lock);
	if (dfu->held)
		usb_autopm_put_interface(dfu->intf);
	dfu->held = false;
}

/**
 * uxmc_dfu_disconnect - end all traffic; none follows
 * @dfu: the interface, being unbound
 */
void uxmc_dfu_disconnect(struct uxmc_dfu *dfu)
{
	mutex_lock(&dfu->lock);
	WRITE_ONCE(dfu->gone, true);
	dfu_drop_hold(dfu);
	mutex_unlock(&dfu->lock);
	dfu_stop(dfu, UXMC_DFU_NOT_INTERRUPTED);
}

/* Is it neither being suspended nor being reset, or will never be again? */
static bool dfu_is_at_rest(const struct uxmc_dfu *dfu)
{
	return (!READ_ONCE(dfu->asleep) && !READ_ONCE(dfu->in_reset)) ||
		READ_ONCE(dfu->gone);
}

/**
 * uxmc_dfu_hold - begin to use the module, and keep it from being suspended
 * @dfu: the interface
 *
 * Waits for the end of a suspend of the system, or of a reset. What was done to the
 * module before is forgotten.
 *
 * Return: 0, or -ENODEV when it is gone, or the error of waking it.
 */
int uxmc_dfu_hold(struct uxmc_dfu *dfu)
{
	int err = -ENODEV;

	wait_event_idle(dfu->wait, dfu_is_at_rest(dfu));
	mutex_lock(&dfu->lock);
	if (!dfu->gone)
		err = usb_autopm_get_interface(dfu->intf);
	dfu->held = !err;
	mutex_unlock(&dfu->lock);

	mutex_lock(&dfu->submit_lock);
	/* A reset ends what the module has asked for. */
	if (dfu->interruption == UXMC_DFU_RESET)
		dfu->ready = 0;
	/* What has begun since the wait is not over. */
	if (dfu_is_at_rest(dfu))
		dfu->interruption = UXMC_DFU_NOT_INTERRUPTED;
	mutex_unlock(&dfu->submit_lock);
	return err ? uxmc_dfu_fail(dfu, err, "the module cannot be woken up") : 0;
}

/**
 * uxmc_dfu_release - the end of uxmc_dfu_hold()
 * @dfu: the interface; after disconnect, too, which has ended it then
 */
void uxmc_dfu_release(struct uxmc_dfu *dfu)
{
	mutex_lock(&dfu->lock);
	dfu_drop_hold(dfu);
	mutex_unlock(&dfu->lock);
}

/**
 * uxmc_dfu_suspend - the device is about to be suspended with the system
 * @dfu: the interface
 */
void uxmc_dfu_suspend(struct uxmc_dfu *dfu)
{
	WRITE_ONCE(dfu->asleep, true);
	dfu_stop(dfu, UXMC_DFU_SUSPENDED);
}

/**
 * uxmc_dfu_resume - the device has been resumed, from whatever
 * @dfu: the interface
 *
 * Whether it was reset for that or not, whoever uses it begins again.
 */
void uxmc_dfu_resume(struct uxmc_dfu *dfu)
{
	if (!dfu->asleep)
		return;
	WRITE_ONCE(dfu->asleep, false);
	dfu_start(dfu);
}

/**
 * uxmc_dfu_pre_reset - the device is about to be reset
 * @dfu: the interface
 *
 * Documentation/driver-api/usb/callbacks.rst: cease all I/O, and submit nothing
 * until uxmc_dfu_post_reset(). If it is by somebody else that ends a download.
 */
void uxmc_dfu_pre_reset(struct uxmc_dfu *dfu)
{
	WRITE_ONCE(dfu->in_reset, true);
	dfu_stop(dfu, dfu->resetting ? UXMC_DFU_NOT_INTERRUPTED :
		 UXMC_DFU_RESET);
}

void uxmc_dfu_post_reset(struct uxmc_dfu *dfu)
{
	WRITE_ONCE(dfu->in_reset, false);
	dfu_start(dfu);
}

/**
 * uxmc_dfu_reset - USB reset
 * @dfu: the interface
 *
 * Return: 0 when the module was reset and is what it was before, and takes requests
 * at once; -ENODEV when it has become another one, and is found anew, or was about to
 * leave anyway; -EINTR when the driver is being unbound; -ERESTART when the module was
 * suspended; or the error of the reset.
 */
int uxmc_dfu_reset(struct uxmc_dfu *dfu)
{
	int err = usb_lock_device_for_reset(dfu->udev, dfu->intf);

	if (err == -ENODEV)
		return err;
	if (err == -EHOSTUNREACH)
		return uxmc_dfu_fail(dfu, -ERESTART, "the module was suspended");
	if (err)
		return uxmc_dfu_fail(dfu, err, err == -EINTR ?
				     "the driver is being unbound from the module (%d)" :
				     "the module cannot be reset (error %d)", err);
	/* Unbinding needs the lock that is held now. */
	err = -ENODEV;
	if (!READ_ONCE(dfu->gone)) {
		dfu->resetting = true;
		err = usb_reset_device(dfu->udev);
		dfu->resetting = false;
	}
	usb_unlock_device(dfu->udev);
	if (err && err != -ENODEV)
		return uxmc_dfu_fail(dfu, err,
				     "the module cannot be reset (error %d)", err);
	if (!err)
		dfu->ready = 0;
	return err;
}

/**
 * uxmc_dfu_leaves - wait for the module to leave the bus
 * @dfu: the interface
 * @ms: how long, milliseconds, from the end of a suspend on if there is one
 *
 * Return: whether it has.
 */
bool uxmc_dfu_leaves(struct uxmc_dfu *dfu, unsigned int ms)
{
	wait_event_idle(dfu->wait, dfu_is_at_rest(dfu));
	return wait_event_idle_timeout(dfu->wait, READ_ONCE(dfu->gone),
				       msecs_to_jiffies(ms));
}
