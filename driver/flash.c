// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flashing of a module, one function a step. It runs in a worker of its own
 * and follows the module, by its port, from one USB device to the next.
 *
 * -ERESTART is an error of the steps that change the module: it was suspended, or
 * had to be reset. They are begun again then, from the mode that it is in.
 */
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/usb.h>

#include "dfu.h"
#include "flash.h"
#include "device.h"
#include "image.h"
#include "power.h"
#include "timing.h"

/* How long a request may take, and the reason of its failure to show, ms */
#define FLASH_REQUEST		(uxmc_timing.control + UXMC_DFU_DISCONNECT)
/* How often a module is told to detach that is still there after a reset */
#define FLASH_DETACHES		3
/* How long it takes until one that left the bus is seen to have left, ms */
#define FLASH_LEAVE		2000
/* How long a module may take to leave after the reset that ends its update, ms */
#define FLASH_LEAVE_MANIFESTED	10000
/* How often an update is begun again; who suspends more often hears of it. */
#define FLASH_RESTARTS		16

/**
 * struct flash - one run
 * @uxmc: the module, whose reference the caller holds
 * @dfu: its DFU interface now, referenced and held awake; NULL at first
 * @image: the file
 * @sent: bytes of it that the module has written
 * @manifesting: the module was told that it has all of it
 * @manifested: the module said that it has manifested it
 * @reset: the module was reset because it did not get ready
 * @restarts: how often the steps were begun again
 * @why: a sentence about what went wrong
 */
struct flash {
	struct uxmc_device *uxmc;
	struct uxmc_dfu *dfu;
	struct uxmc_image image;
	size_t sent;
	bool manifesting;
	bool manifested;
	bool reset;
	unsigned int restarts;
	char why[UXMC_MESSAGE_MAX + 1];
};

static __printf(3, 4)
int flash_fail(struct flash *flash, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(flash->why, sizeof(flash->why), fmt, args);
	va_end(args);
	return err;
}

/* What the person at the module can do about a DFU request that failed */
static const char *flash_advice(int err)
{
	switch (err) {
	case -ENODEV:
		return "plug it in again and repeat the update";
	case -ETIMEDOUT:
		return "unplug it, plug it in again and repeat the update";
	default:
		return "repeat the update";
	}
}

static int flash_fail_dfu(struct flash *flash, int err)
{
	return err ? flash_fail(flash, err, "%s; %s", flash->dfu->why,
				flash_advice(err)) : 0;
}

static int flash_fail_image(struct flash *flash, int err)
{
	return err ? flash_fail(flash, err, "%s", flash->image.why) : 0;
}

static int flash_enter(struct flash *flash, enum uxmc_state state, u64 total,
		       unsigned int timeout)
{
	int err = uxmc_update_enter(flash->uxmc, state, total, timeout);

	return err ? flash_fail(flash, err, "cancelled") : 0;
}

static void flash_unbind(struct flash *flash)
{
	if (!flash->dfu)
		return;
	uxmc_dfu_release(flash->dfu);
	uxmc_dfu_put(flash->dfu);
	flash->dfu = NULL;
}

/* Take up the interface that the module has now, and keep it awake. */
static int flash_bind(struct flash *flash)
{
	struct uxmc_device *uxmc = flash->uxmc;

	flash_unbind(flash);
	mutex_lock(&uxmc->lock);
	if (uxmc->dfu)
		flash->dfu = uxmc_dfu_get(uxmc->dfu);
	mutex_unlock(&uxmc->lock);
	if (!flash->dfu)
		return flash_fail(flash, -ENODEV,
				  "the module was unplugged; %s",
				  flash_advice(-ENODEV));
	return flash_fail_dfu(flash, uxmc_dfu_hold(flash->dfu));
}

/*
 * Is another interface bound to the module, or has it been replaced? For
 * waiting, so without the lock; the reference to the old one keeps its address
 * from being used again.
 */
static bool flash_is_back(struct flash *flash)
{
	struct uxmc_dfu *dfu = READ_ONCE(flash->uxmc->dfu);

	return READ_ONCE(flash->uxmc->update.other) ||
		(dfu && dfu != flash->dfu);
}

/* Why the module is not back, in time or at all */
static int flash_fail_away(struct flash *flash)
{
	struct uxmc_dfu *dfu = flash->dfu;

	if (flash->uxmc->update.other)
		return flash_fail(flash, -EREMOTEIO,
				  "another module came back on port %s; plug the one that was being updated in there again",
				  flash->uxmc->port);
	if (READ_ONCE(dfu->gone))
		return flash_fail(flash, -ETIMEDOUT,
				  "the module did not come back within %u ms; %s",
				  uxmc_timing.reboot, flash_advice(-ETIMEDOUT));
	/* It may have forgotten meanwhile what it was told. */
	if (READ_ONCE(dfu->interruption) == UXMC_DFU_SUSPENDED)
		return flash_fail(flash, -ERESTART, "the module was suspended");
	return flash_fail(flash, -ETIMEDOUT,
			  "the module did not leave its mode within %u ms; %s",
			  uxmc_timing.reboot, flash_advice(-ETIMEDOUT));
}

static int flash_wait_return(struct flash *flash)
{
	wait_event_idle_timeout(flash->uxmc->wait, flash_is_back(flash),
				msecs_to_jiffies(uxmc_timing.reboot));
	if (flash->uxmc->update.other || !flash_is_back(flash))
		return flash_fail_away(flash);
	return flash_bind(flash);
}

static int flash_note_read(void *context, size_t done)
{
	struct flash *flash = context;
	int err = uxmc_update_progress(flash->uxmc, done);

	if (err)
		return flash_fail(flash, err, "cancelled");
	if (READ_ONCE(flash->dfu->gone))
		return flash_fail(flash, -ENODEV,
				  "the module was unplugged; %s",
				  flash_advice(-ENODEV));
	return 0;
}

/* All that can be known to be wrong is known before the module is disturbed. */
static int flash_verify(struct flash *flash)
{
	const struct usb_device_descriptor *desc =
		&flash->dfu->udev->descriptor;
	const u16 *model = flash->uxmc->model->product;
	u16 products[] = { le16_to_cpu(desc->idProduct), model[0], model[1] };
	struct uxmc_image *image = &flash->image;
	int err;

	err = uxmc_image_open(image, &flash->uxmc->dev,
			      flash->uxmc->update.file);
	if (!err)
		err = uxmc_image_read_all(image, flash_note_read, flash);
	if (*flash->why)	/* by flash_note_read() */
		return err;
	if (!err)
		err = uxmc_image_check_suffix(image,
					      le16_to_cpu(desc->idVendor),
					      products, ARRAY_SIZE(products));
	return flash_fail_image(flash, err);
}

/*
 * Reset a module that is to change its mode by that. Return: 0 when it is on its
 * way, -EAGAIN when it is still there.
 */
static int flash_reset(struct flash *flash, unsigned int ms)
{
	int err = uxmc_dfu_reset(flash->dfu);

	if (err == -ENODEV)
		return 0;
	if (err)
		return flash_fail_dfu(flash, err);
	return uxmc_dfu_leaves(flash->dfu, ms) ? 0 :
		flash_fail(flash, -EAGAIN,
			   "the module was reset, and stayed in its mode; %s",
			   flash_advice(-ETIMEDOUT));
}

/*
 * Return: 0 when the module is on its way to DFU mode; -EAGAIN when it may be
 * told again: it refused, as in appDETACH, which leads it to appIDLE (table
 * A.2), or its reset came later than it had time for.
 */
static int flash_detach_once(struct flash *flash)
{
	int err = uxmc_dfu_detach(flash->dfu);

	if (err) {
		flash_fail_dfu(flash, err);
		return err == -EPIPE || err == -EIO ? -EAGAIN : err;
	}
	/* A reset could meet one half-way that does so by itself. */
	if (flash->dfu->attributes & DFU_WILL_DETACH)
		return 0;
	return flash_reset(flash, FLASH_LEAVE);
}

/* Application mode to DFU mode */
static int flash_detach(struct flash *flash)
{
	int tries = 0;
	int err;

	if (!flash->dfu->runtime)
		return 0;
	err = flash_enter(flash, UXMC_STATE_DETACHING, 0, uxmc_timing.reboot +
			  FLASH_DETACHES * (FLASH_REQUEST + FLASH_LEAVE));
	if (err)
		return err;
	do {
		err = flash_detach_once(flash);
	} while (err == -EAGAIN && ++tries < FLASH_DETACHES);
	if (err)
		return err == -EAGAIN ? -EPROTO : err;

	err = flash_wait_return(flash);
	if (!err && flash->dfu->runtime)
		return flash_fail(flash, -EPROTO,
				  "the module came back in application mode, not in DFU mode; %s",
				  flash_advice(-EPROTO));
	return err;
}

/* Blocks that are in memory; the file is read on while they are on their way. */
static int flash_send_blocks(struct flash *flash, u16 block, u8 *data,
			     size_t len)
{
	struct uxmc_dfu *dfu = flash->dfu;
	size_t end = flash->sent + len;
	int err = uxmc_dfu_begin_download(dfu, block, flash->image.block, data,
					  len);

	if (!err)
		uxmc_image_read_ahead(&flash->image);
	while (!err && dfu->run.left) {
		err = uxmc_dfu_continue_download(dfu);
		flash->sent = end - dfu->run.left;
		uxmc_update_progress(flash->uxmc, flash->sent);
	}
	return err ? flash_fail(flash, err, "%s, %zu bytes into the image; %s",
				dfu->why, flash->sent, flash_advice(err)) : 0;
}

/* In blocks of up to @size bytes; @block becomes the number after the last */
static int flash_send_image(struct flash *flash, u16 size, u16 *block)
{
	struct uxmc_image *image = &flash->image;
	int err = uxmc_image_rewind(image, size);
	int len;
	u8 *data;

	flash->sent = 0;
	*block = 0;
	while (!err && flash->sent < image->size) {
		len = uxmc_image_blocks(image, flash->sent, &data);
		if (len < 0) {
			err = len;
			break;
		}
		err = flash_send_blocks(flash, *block, data, len);
		if (err)
			return err;
		*block += DIV_ROUND_UP(len, image->block);
	}
	if (!err)
		err = uxmc_image_unchanged(image);
	if (err)
		uxmc_dfu_abort(flash->dfu);
	return flash_fail_image(flash, err);
}

/* The next smaller size of a block to try, or 0 */
static u16 flash_smaller(u16 size)
{
	static const u16 sizes[] = {
		16384,	/* ehci-hcd, fotg210-hcd */
		4096,	/* ohci-hcd; a page */
		1024, 256,
		UXMC_DFU_TRANSFER_MIN
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		if (sizes[i] < size)
			return sizes[i];
	return 0;
}

/*
 * What the host controller or the module does not take in one transfer it gets in
 * smaller ones. That shows at the first block, before the module has written any.
 */
static int flash_send(struct flash *flash, u16 *block)
{
	struct uxmc_dfu *dfu = flash->dfu;
	u16 size = dfu->transfer_size;
	int err;

	for (;;) {
		err = flash_send_image(flash, size, block);
		if (!err || flash->sent || !dfu->run.too_large)
			return err;
		size = flash_smaller(size);
		if (!size || uxmc_dfu_make_idle(dfu))
			return err;
	}
}

/*
 * Section A.1: what does not get ready is reset, and what that does not cure is
 * cured by power.
 */
static int flash_reset_unready(struct flash *flash)
{
	int err;

	flash_fail(flash, -EPROTO, "%s, and has been reset; %s",
		   flash->dfu->why, flash_advice(-ETIMEDOUT));
	if (flash->reset)
		return -EPROTO;
	flash->reset = true;
	err = uxmc_dfu_reset(flash->dfu);
	return err && err != -ENODEV ? flash_fail_dfu(flash, err) : -ERESTART;
}

static int flash_download(struct flash *flash, u16 *block)
{
	struct uxmc_dfu *dfu = flash->dfu;
	int err;

	/* Getting ready, a block, the wait before the next one, and the last answers */
	err = flash_enter(flash, UXMC_STATE_DOWNLOADING, flash->image.size,
			  3 * uxmc_timing.block + 2 * FLASH_REQUEST);
	if (err)
		return err;
	dfu->run.end = ktime_add_ms(ktime_get(), uxmc_timing.block +
				    uxmc_timing_download(flash->image.size));
	err = uxmc_dfu_make_idle(dfu);
	if (err == -EBUSY)
		return flash_reset_unready(flash);
	if (err)
		return flash_fail_dfu(flash, err);
	return flash_send(flash, block);
}

static int flash_manifest(struct flash *flash, u16 block)
{
	int err;

	/* The wait before the last request comes first. */
	err = flash_enter(flash, UXMC_STATE_MANIFESTING, 0, uxmc_timing.block +
			  uxmc_timing.manifest + 2 * FLASH_REQUEST);
	if (err)
		return err;
	flash->manifesting = true;
	flash->manifested = false;
	err = uxmc_dfu_manifest(flash->dfu, block);
	if (!err)
		err = uxmc_dfu_await_manifestation(flash->dfu);
	if (err < 0)
		return flash_fail_dfu(flash, err);
	flash->manifested = err;
	return 0;
}

static int flash_judge(struct flash *flash)
{
	struct uxmc_device *uxmc = flash->uxmc;
	const char *expect = uxmc->update.expect;
	int err = 0;

	mutex_lock(&uxmc->lock);
	if (*expect && !uxmc_device_runs(uxmc, expect))
		err = flash_fail(flash, -EREMOTEIO,
				 "the module came back with version %s, not %s; is the image what its name says?",
				 uxmc->version, expect);
	mutex_unlock(&uxmc->lock);
	return err;
}

static int flash_fail_in_dfu_mode(struct flash *flash)
{
	return flash_fail(flash, -EREMOTEIO,
			  "the module came back in DFU mode: %s",
			  flash->manifested ?
			  "it does not run this image; update it with another one" :
			  "it lost its power while it wrote the image, or does not run it; repeat the update");
}

/* DFU mode to the new firmware: DFU 1.1 section 7 says who resets whom. */
static int flash_reboot(struct flash *flash)
{
	u8 leaves = flash->dfu->attributes &
		(DFU_WILL_DETACH | DFU_MANIFESTATION_TOLERANT);
	unsigned int leave = min_t(unsigned int, uxmc_timing.reboot,
				   FLASH_LEAVE_MANIFESTED);
	int err;

	err = flash_enter(flash, UXMC_STATE_REBOOTING, 0,
			  leave + uxmc_timing.reboot + FLASH_REQUEST);
	if (!err && leaves != DFU_WILL_DETACH)
		err = flash_reset(flash, leave);
	if (err == -EAGAIN)
		return flash_fail_in_dfu_mode(flash);
	if (!err)
		err = flash_wait_return(flash);
	if (err)
		return err;
	if (!flash->dfu->runtime)
		return flash_fail_in_dfu_mode(flash);
	return flash_judge(flash);
}

static int flash_change(struct flash *flash)
{
	u16 block;
	int err;

	err = flash_detach(flash);
	if (!err)
		err = flash_download(flash, &block);
	if (!err)
		err = flash_manifest(flash, block);
	if (!err)
		err = flash_reboot(flash);
	return err;
}

/* It had all of the image before it was suspended or reset, and runs it. */
static bool flash_has_changed(struct flash *flash)
{
	return flash->manifesting && flash->dfu->runtime &&
		*flash->uxmc->update.expect && !flash_judge(flash);
}

static int flash_change_again(struct flash *flash)
{
	int err;

	if (++flash->restarts > FLASH_RESTARTS)
		return flash_fail(flash, -EINTR,
				  "the module was suspended %u times; %s",
				  FLASH_RESTARTS, flash_advice(-EINTR));
	/* A module that has become another device meanwhile leaves first. */
	if (uxmc_dfu_leaves(flash->dfu, FLASH_LEAVE))
		err = flash_wait_return(flash);
	else
		err = flash_bind(flash);
	if (err || flash_has_changed(flash))
		return err;
	return flash_change(flash);
}

static int flash_run(struct flash *flash)
{
	int err;

	err = flash_bind(flash);
	if (!err)
		err = flash_verify(flash);
	/* What others did to the module so far is of no interest. */
	if (!err)
		err = flash_bind(flash);
	if (err)
		return err;

	uxmc_power_stay_awake();
	err = flash_change(flash);
	while (err == -ERESTART)
		err = flash_change_again(flash);
	uxmc_power_relax();
	return err;
}

/**
 * uxmc_flash - flash the file that the module's update names
 * @uxmc: the module, in the state verifying
 *
 * Ends with the update in the state done or failed.
 */
void uxmc_flash(struct uxmc_device *uxmc)
{
	struct flash *flash = kzalloc(sizeof(*flash), GFP_KERNEL);
	int err;

	if (!flash) {
		uxmc_device_finish(uxmc, -ENOMEM, "not enough memory");
		return;
	}
	flash->uxmc = uxmc;
	err = flash_run(flash);
	if (err && err != -ECANCELED)
		dev_warn(&uxmc->dev, "update failed, %s: %s\n",
			 uxmc_state_name(uxmc->update.state), flash->why);
	flash_unbind(flash);
	uxmc_image_close(&flash->image);
	uxmc_device_finish(uxmc, err, flash->why);
	kfree(flash);
}
