// SPDX-License-Identifier: GPL-2.0-only
/*
 * A DFU interface: what its functional descriptor says, its coming and going.
 *
 * Whoever runs requests does so alone (the update's worker); disconnect poisons
 * the URBs, which ends a request under way and refuses every later one, so
 * nothing is on the bus once it has returned.
 */
#include <linux/slab.h>

#include "dfu.h"
#include "dfu_request.h"

/* Section 4.1.3; DFU 1.0 has it without bcdDFUVersion, hence 7 bytes */
#define DFU_FUNCTIONAL		0x21
#define DFU_FUNCTIONAL_MIN	7

/*
 * A control transfer of more than a page is beyond some controllers for full
 * speed (ohci-hcd); DFU leaves it to the host to send less than wTransferSize.
 */
#define DFU_TRANSFER_FULL_SPEED	4096

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
	dfu->udev = usb_get_dev(interface_to_usbdev(intf));
	dfu->intf = usb_get_intf(intf);
	dfu->runtime = alt->desc.bInterfaceProtocol != UXMC_DFU_MODE;
	dfu_parse_functional(dfu, alt);

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

/**
 * uxmc_dfu_disconnect - end all traffic; none follows
 * @dfu: the interface, being unbound
 */
void uxmc_dfu_disconnect(struct uxmc_dfu *dfu)
{
	mutex_lock(&dfu->lock);
	WRITE_ONCE(dfu->gone, true);
	mutex_unlock(&dfu->lock);
	/* From the end of the queue, or what is behind would have its turn. */
	usb_poison_urb(dfu->status.urb);
	usb_poison_urb(dfu->transfer.urb);
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
	return err ? uxmc_dfu_fail(dfu, err, "the module cannot be woken up") : 0;
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
		return uxmc_dfu_fail(dfu, err, "the module cannot be reset (%d)",
				     err);
	/* Unbinding needs the lock that is held now. */
	if (!READ_ONCE(dfu->gone))
		usb_reset_device(dfu->udev);
	usb_unlock_device(dfu->udev);
	return 0;
}
