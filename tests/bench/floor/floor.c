// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The least that a host has to do to flash a module in DFU mode: per block one
 * DFU_DNLOAD and one DFU_GETSTATUS, queued together; the wait that the module
 * asks for; at the end the zero-length DFU_DNLOAD and a USB reset. The image is
 * in memory before that begins. Nothing is checked that would not end in a lie.
 *
 * All of it happens while the module is loaded: insmod floor.ko port=1-1
 * image=FILE bytes=N block=N
 */
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/usb.h>

#define DFU_DNLOAD	1
#define DFU_GETSTATUS	3
#define DFU_CLRSTATUS	4

#define DFU_IDLE	2
#define DFU_DNBUSY	4
#define DFU_DNLOAD_IDLE	5
#define DFU_MANIFEST	7
#define DFU_ERROR	10

static char *port;
module_param(port, charp, 0);
MODULE_PARM_DESC(port, "the module's USB device, such as 1-1");

static char *image;
module_param(image, charp, 0);
MODULE_PARM_DESC(image, "file with the image");

static ulong bytes;
module_param(bytes, ulong, 0);
MODULE_PARM_DESC(bytes, "how many bytes of it to send");

static uint block;
module_param(block, uint, 0);
MODULE_PARM_DESC(block, "how many bytes to send at a time");

static u8 **blocks;

/* What GETSTATUS answers */
struct status {
	u8 status;
	u8 poll_timeout[3];
	u8 state;
	u8 string;
} __packed;

/* One control transfer, with what it needs allocated for all times */
struct transfer {
	struct urb *urb;
	struct usb_ctrlrequest *setup;
};

static struct usb_device *udev;
static struct transfer dnload, getstatus;
static struct status *answer;
static DECLARE_COMPLETION(answered);

static unsigned long nr_blocks(void)
{
	return DIV_ROUND_UP(bytes, block);
}

static unsigned int block_len(unsigned long nr)
{
	return min_t(unsigned long, block, bytes - nr * block);
}

/* The image, in blocks. */

static void free_image(void)
{
	unsigned long nr;

	if (!blocks)
		return;
	for (nr = 0; nr < nr_blocks(); nr++)
		kfree(blocks[nr]);
	kvfree(blocks);
}

static int read_blocks(struct file *file)
{
	unsigned long nr;
	loff_t at = 0;

	for (nr = 0; nr < nr_blocks(); nr++) {
		blocks[nr] = kmalloc(block, GFP_KERNEL);
		if (!blocks[nr])
			return -ENOMEM;
		if (kernel_read(file, blocks[nr], block_len(nr), &at) !=
		    block_len(nr))
			return -EIO;
	}
	return 0;
}

static int read_image(void)
{
	struct file *file = filp_open(image, O_RDONLY, 0);
	int err;

	if (IS_ERR(file))
		return PTR_ERR(file);
	blocks = kvcalloc(nr_blocks(), sizeof(*blocks), GFP_KERNEL);
	err = blocks ? read_blocks(file) : -ENOMEM;
	filp_close(file, NULL);
	return err;
}

/* The module. */

static int is_wanted(struct usb_device *candidate, void *unused)
{
	if (strcmp(dev_name(&candidate->dev), port))
		return 0;
	udev = usb_get_dev(candidate);
	return 1;
}

static void free_transfer(struct transfer *t)
{
	usb_free_urb(t->urb);
	kfree(t->setup);
}

static int alloc_transfer(struct transfer *t)
{
	t->urb = usb_alloc_urb(0, GFP_KERNEL);
	t->setup = kzalloc(sizeof(*t->setup), GFP_KERNEL);
	return t->urb && t->setup ? 0 : -ENOMEM;
}

static int dfu_interface(void)
{
	struct usb_host_config *config = udev->actconfig;
	int i;

	for (i = 0; config && i < config->desc.bNumInterfaces; i++) {
		struct usb_interface_descriptor *desc =
			&config->interface[i]->cur_altsetting->desc;

		if (desc->bInterfaceClass == USB_CLASS_APP_SPEC &&
		    desc->bInterfaceSubClass == 1)
			return desc->bInterfaceNumber;
	}
	return -ENODEV;
}

static void note_answer(struct urb *urb)
{
	complete(&answered);
}

static void ignore(struct urb *urb)
{
}

static int prepare(void)
{
	const u8 in = USB_TYPE_CLASS | USB_RECIP_INTERFACE | USB_DIR_IN;
	const u8 out = USB_TYPE_CLASS | USB_RECIP_INTERFACE | USB_DIR_OUT;
	int interface;

	if (!usb_for_each_dev(NULL, is_wanted))
		return -ENODEV;
	interface = dfu_interface();
	if (interface < 0)
		return interface;
	answer = kzalloc(sizeof(*answer), GFP_KERNEL);
	if (!answer || alloc_transfer(&dnload) || alloc_transfer(&getstatus))
		return -ENOMEM;

	*dnload.setup = (struct usb_ctrlrequest) {
		.bRequestType = out,
		.bRequest = DFU_DNLOAD,
		.wIndex = cpu_to_le16(interface),
	};
	*getstatus.setup = (struct usb_ctrlrequest) {
		.bRequestType = in,
		.bRequest = DFU_GETSTATUS,
		.wIndex = cpu_to_le16(interface),
		.wLength = cpu_to_le16(sizeof(*answer)),
	};
	usb_fill_control_urb(getstatus.urb, udev, usb_rcvctrlpipe(udev, 0),
			     (u8 *)getstatus.setup, answer, sizeof(*answer),
			     note_answer, NULL);
	return 0;
}

/* Wait for the answer, however it ends; a second is more than any takes. */
static int await_status(void)
{
	if (!wait_for_completion_timeout(&answered, HZ)) {
		usb_kill_urb(dnload.urb);
		usb_kill_urb(getstatus.urb);
		return -ETIMEDOUT;
	}
	if (getstatus.urb->status)
		return getstatus.urb->status;
	return answer->status ? -EPROTO : 0;
}

static int get_status(void)
{
	int err = usb_submit_urb(getstatus.urb, GFP_KERNEL);

	return err ? err : await_status();
}

/* A request, and behind it the question for the status */
static int send(u8 request, unsigned long nr, void *data, unsigned int len)
{
	int err;

	dnload.setup->bRequest = request;
	dnload.setup->wValue = cpu_to_le16(nr);
	dnload.setup->wLength = cpu_to_le16(len);
	usb_fill_control_urb(dnload.urb, udev, usb_sndctrlpipe(udev, 0),
			     (u8 *)dnload.setup, data, len, ignore, NULL);
	err = usb_submit_urb(dnload.urb, GFP_KERNEL);
	return err ? err : get_status();
}

static void sleep_as_told(void)
{
	unsigned int ms = answer->poll_timeout[0] |
		answer->poll_timeout[1] << 8 | answer->poll_timeout[2] << 16;
	ktime_t time = ms_to_ktime(ms);

	if (!ms)
		return;
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_hrtimeout_range(&time, 0, HRTIMER_MODE_REL);
}

/* Until the module is no longer in the state @busy */
static int sit_out(u8 busy)
{
	int err = 0;

	while (!err && answer->state == busy) {
		sleep_as_told();
		err = get_status();
	}
	return err;
}

/* A module whose firmware was destroyed says so before anything else. */
static int make_idle(void)
{
	int err = get_status();

	if (answer->state == DFU_ERROR)
		err = send(DFU_CLRSTATUS, 0, NULL, 0);
	if (err)
		return err;
	return answer->state == DFU_IDLE ? 0 : -EPROTO;
}

static int download(void)
{
	unsigned long nr;
	int err;

	for (nr = 0; nr < nr_blocks(); nr++) {
		err = send(DFU_DNLOAD, nr, blocks[nr], block_len(nr));
		if (!err)
			err = sit_out(DFU_DNBUSY);
		if (err)
			return err;
		if (answer->state != DFU_DNLOAD_IDLE)
			return -EPROTO;
	}
	return 0;
}

static int manifest(void)
{
	int err = send(DFU_DNLOAD, nr_blocks(), NULL, 0);

	return err ? err : sit_out(DFU_MANIFEST);
}

static void reset(void)
{
	if (usb_lock_device_for_reset(udev, NULL))
		return;
	usb_reset_device(udev);
	usb_unlock_device(udev);
}

static int flash(void)
{
	int err = read_image();

	if (!err)
		err = prepare();
	if (!err)
		err = make_idle();
	if (!err)
		err = download();
	if (!err)
		err = manifest();
	if (!err)
		reset();
	return err;
}

static int __init floor_init(void)
{
	int err;

	if (!port || !image || !bytes || !block || block > U16_MAX)
		return -EINVAL;
	err = flash();
	free_transfer(&dnload);
	free_transfer(&getstatus);
	kfree(answer);
	usb_put_dev(udev);
	free_image();
	return err;
}
module_init(floor_init);

static void __exit floor_exit(void)
{
}
module_exit(floor_exit);

MODULE_DESCRIPTION("The fastest way to flash an expansion module, for comparison");
MODULE_LICENSE("GPL");
