// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The least that a host has to do to flash a module in DFU mode: per block one
 * DFU_DNLOAD and one DFU_GETSTATUS, queued together; the wait that the module
 * asks for; at the end the zero-length DFU_DNLOAD and a USB reset. The image is
 * in memory before that begins. Each answer submits what follows it from its
 * completion handler: nothing is faster on this bus.
 *
 * All of it happens while the module is loaded: insmod floor.ko port=1-1
 * image=FILE bytes=N block=N
 */
#include <linux/delay.h>
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
	usb_kill_urb(t->urb);
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

static int status_error(void)
{
	if (getstatus.urb->status)
		return getstatus.urb->status;
	return answer->status ? -EPROTO : 0;
}

/* A request, and behind it the question for the status */
static int submit(u8 request, unsigned long nr, void *data, unsigned int len,
		  gfp_t gfp)
{
	int err;

	dnload.setup->bRequest = request;
	dnload.setup->wValue = cpu_to_le16(nr);
	dnload.setup->wLength = cpu_to_le16(len);
	usb_fill_control_urb(dnload.urb, udev, usb_sndctrlpipe(udev, 0),
			     (u8 *)dnload.setup, data, len, ignore, NULL);
	err = usb_submit_urb(dnload.urb, gfp);
	return err ? err : usb_submit_urb(getstatus.urb, gfp);
}

/* A second is more than any answer takes. */
static int await_status(void)
{
	if (!wait_for_completion_timeout(&answered, HZ))
		return -ETIMEDOUT;
	return status_error();
}

static int get_status(void)
{
	int err = usb_submit_urb(getstatus.urb, GFP_KERNEL);

	return err ? err : await_status();
}

/* A request without data */
static int send(u8 request, unsigned long nr)
{
	int err = submit(request, nr, NULL, 0, GFP_KERNEL);

	return err ? err : await_status();
}

static ktime_t poll_timeout(void)
{
	return ms_to_ktime(answer->poll_timeout[0] |
			   answer->poll_timeout[1] << 8 |
			   answer->poll_timeout[2] << 16);
}

/* A module whose firmware was destroyed says so before anything else. */
static int make_idle(void)
{
	int err = get_status();

	if (answer->state == DFU_ERROR)
		err = send(DFU_CLRSTATUS, 0);
	if (err)
		return err;
	return answer->state == DFU_IDLE ? 0 : -EPROTO;
}

/*
 * The download: each answer submits what follows it, where it is told of, so
 * that nobody has to be woken up.
 */

static unsigned long block_nr;
static struct hrtimer timer;
static int result;
static DECLARE_COMPLETION(downloaded);

static void finish(int err)
{
	result = err;
	complete(&downloaded);
}

static enum hrtimer_restart ask_again(struct hrtimer *unused)
{
	int err = usb_submit_urb(getstatus.urb, GFP_ATOMIC);

	if (err)
		finish(err);
	return HRTIMER_NORESTART;
}

static void send_block(void)
{
	int err = submit(DFU_DNLOAD, block_nr, blocks[block_nr],
			 block_len(block_nr), GFP_ATOMIC);

	if (err)
		finish(err);
}

static void go_on(struct urb *urb)
{
	int err = status_error();

	if (err)
		finish(err);
	else if (answer->state == DFU_DNBUSY)
		hrtimer_start(&timer, poll_timeout(), HRTIMER_MODE_REL);
	else if (answer->state != DFU_DNLOAD_IDLE)
		finish(-EPROTO);
	else if (++block_nr == nr_blocks())
		finish(0);
	else
		send_block();
}

static int download(void)
{
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer.function = ask_again;
	getstatus.urb->complete = go_on;
	send_block();
	if (wait_for_completion_killable(&downloaded)) {
		usb_poison_urb(getstatus.urb);
		hrtimer_cancel(&timer);
		return -EINTR;
	}
	getstatus.urb->complete = note_answer;
	return result;
}

static int manifest(void)
{
	int err = send(DFU_DNLOAD, nr_blocks());

	while (!err && answer->state == DFU_MANIFEST) {
		msleep(ktime_to_ms(poll_timeout()));
		err = get_status();
	}
	return err;
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
