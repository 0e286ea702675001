// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flashing of a module, one function a step. It runs in a worker of its own
 * and follows the module, by its port, from one USB device to the next.
 */
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/usb.h>

#include "dfu.h"
#include "flash.h"
#include "image.h"
#include "device.h"
#include "timing.h"

/**
 * struct flash - one run
 * @uxmc: the module, whose reference the caller holds
 * @dfu: its DFU interface now, referenced and held awake; NULL at first
 * @image: the file
 * @why: a sentence about what went wrong
 */
struct flash {
	struct uxmc_device *uxmc;
	struct uxmc_dfu *dfu;
	struct uxmc_image image;
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
	if (flash->uxmc->update.other)
		return flash_fail(flash, -EREMOTEIO,
				  "another module came back on port %s; plug the one that was being updated in there again",
				  flash->uxmc->port);
	if (!READ_ONCE(flash->dfu->gone))
		return flash_fail(flash, -ETIMEDOUT,
				  "the module did not leave its mode within %u ms; %s",
				  uxmc_timing.reboot, flash_advice(-ETIMEDOUT));
	return flash_fail(flash, -ETIMEDOUT,
			  "the module did not come back within %u ms; %s",
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
 * Application mode to DFU mode. A module that will detach is left to do so
 * however long it takes, since a reset could meet it half-way.
 */
static int flash_detach(struct flash *flash)
{
	int err;

	if (!flash->dfu->runtime)
		return 0;
	err = flash_enter(flash, UXMC_STATE_DETACHING, 0, uxmc_timing.reboot);
	if (err)
		return err;
	err = uxmc_dfu_detach(flash->dfu);
	if (!err && !(flash->dfu->attributes & DFU_WILL_DETACH))
		err = uxmc_dfu_reset(flash->dfu);
	if (err)
		return flash_fail_dfu(flash, err);

	err = flash_wait_return(flash);
	if (!err && flash->dfu->runtime)
		return flash_fail(flash, -EPROTO,
				  "the module came back in application mode, not in DFU mode; %s",
				  flash_advice(-EPROTO));
	return err;
}

/* Blocks that are in memory; the file is read on while they are on their way. */
static int flash_send_blocks(struct flash *flash, u16 block, u8 *data,
			     size_t offset, size_t len)
{
	struct uxmc_dfu *dfu = flash->dfu;
	int err = uxmc_dfu_begin_download(dfu, block, flash->image.block, data,
					  len);

	if (!err)
		uxmc_image_read_ahead(&flash->image);
	while (!err && dfu->run.left) {
		err = uxmc_dfu_go_on(dfu);
		uxmc_update_progress(flash->uxmc,
				     offset + len - dfu->run.left);
	}
	return err ? flash_fail(flash, err, "%s, %zu bytes into the image; %s",
				dfu->why, offset + len - dfu->run.left,
				flash_advice(err)) : 0;
}

static int flash_send(struct flash *flash, u16 *block)
{
	struct uxmc_image *image = &flash->image;
	size_t offset = 0;
	int err, len;
	u8 *data;

	uxmc_image_rewind(image, flash->dfu->transfer_size);
	for (*block = 0; offset < image->size; offset += len) {
		len = uxmc_image_blocks(image, offset, &data);
		if (len < 0) {
			uxmc_dfu_abort(flash->dfu);
			return flash_fail_image(flash, len);
		}
		err = flash_send_blocks(flash, *block, data, offset, len);
		if (err)
			return err;
		*block += DIV_ROUND_UP(len, image->block);
	}
	err = uxmc_image_unchanged(image);
	if (err)
		uxmc_dfu_abort(flash->dfu);
	return flash_fail_image(flash, err);
}

static int flash_download(struct flash *flash, u16 *block)
{
	int err;

	/* Getting ready, or a block, and the answers to the last requests */
	err = flash_enter(flash, UXMC_STATE_DOWNLOADING, flash->image.size,
			  uxmc_timing.block + 2 * uxmc_timing.control);
	if (err)
		return err;
	err = uxmc_dfu_make_idle(flash->dfu);
	if (err)
		return flash_fail_dfu(flash, err);
	return flash_send(flash, block);
}

static int flash_manifest(struct flash *flash, u16 block)
{
	int err;

	err = flash_enter(flash, UXMC_STATE_MANIFESTING, 0,
			  uxmc_timing.manifest);
	if (err)
		return err;
	return flash_fail_dfu(flash, uxmc_dfu_manifest(flash->dfu, block));
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

/* DFU mode to the new firmware: DFU 1.1 section 7 says who resets whom. */
static int flash_reboot(struct flash *flash)
{
	u8 leaves = flash->dfu->attributes &
		(DFU_WILL_DETACH | DFU_MANIFESTATION_TOLERANT);
	int err;

	err = flash_enter(flash, UXMC_STATE_REBOOTING, 0, uxmc_timing.reboot);
	if (!err && leaves != DFU_WILL_DETACH)
		err = flash_fail_dfu(flash, uxmc_dfu_reset(flash->dfu));
	if (!err)
		err = flash_wait_return(flash);
	if (err)
		return err;
	if (!flash->dfu->runtime)
		return flash_fail(flash, -EREMOTEIO,
				  "the module came back in DFU mode: it does not run this image; update it with another one");
	return flash_judge(flash);
}

static int flash_run(struct flash *flash)
{
	u16 block;
	int err;

	err = flash_bind(flash);
	if (!err)
		err = flash_verify(flash);
	if (!err)
		err = flash_detach(flash);
	if (!err)
		err = flash_download(flash, &block);
	if (!err)
		err = flash_manifest(flash, block);
	if (!err)
		err = flash_reboot(flash);
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
