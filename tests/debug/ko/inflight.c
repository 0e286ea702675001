// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the host controller may still read or write must not be freed: warn of a
 * kfree() of a buffer of one of the driver's URBs, or of the driver's own code,
 * while the URB is between usb_submit_urb() and its completion. The virtual host
 * controller has copied the data long before, so that KASAN alone sees nothing.
 *
 * The end of a URB is its completion handler, which is replaced: a probe of the
 * kernel's function that calls it is passed over when the interrupt of a real host
 * controller comes amid another probe.
 */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/usb.h>

#include "code.h"
#include "inflight.h"

#define MOST_URBS	64

/* An entry is @urb's alone while that is set. */
static struct inflight {
	const struct urb *urb;
	const void *buffer;
	const void *setup;
	usb_complete_t complete;	/* the driver's */
} inflight[MOST_URBS];

/* Probes hit in any context, as lockdep sees it in NMIs: so this has no locks. */
static struct inflight *inflight_take(const struct urb *urb)
{
	unsigned int i;

	for (i = 0; i < MOST_URBS; i++)
		if (!cmpxchg(&inflight[i].urb, NULL, urb))
			return &inflight[i];
	return NULL;
}

/* From here on its memory is the driver's again. */
static void inflight_remove(struct urb *urb)
{
	unsigned int i;

	for (i = 0; i < MOST_URBS; i++) {
		if (READ_ONCE(inflight[i].urb) != urb)
			continue;
		urb->complete = inflight[i].complete;
		WRITE_ONCE(inflight[i].buffer, NULL);
		WRITE_ONCE(inflight[i].setup, NULL);
		/* Whoever takes the entry next finds it empty. */
		smp_store_release(&inflight[i].urb, NULL);
		return;
	}
}

static void inflight_complete(struct urb *urb)
{
	inflight_remove(urb);
	urb->complete(urb);
}

static void inflight_add(struct urb *urb)
{
	struct inflight *entry = inflight_take(urb);

	if (WARN_ONCE(!entry, "uxmc-debug: too many URBs to watch\n"))
		return;
	WRITE_ONCE(entry->buffer, urb->transfer_buffer);
	WRITE_ONCE(entry->setup, urb->setup_packet);
	entry->complete = urb->complete;
	urb->complete = inflight_complete;
}

/* Is it in the memory that is being freed? A block is somewhere in an image's piece. */
static bool is_within(const void *what, const void *memory)
{
	if (what <= memory)
		return what == memory;
	return virt_to_head_page(what) == virt_to_head_page(memory) &&
		(unsigned long)what < (unsigned long)memory + ksize(memory);
}

static bool inflight_uses(const void *memory)
{
	unsigned int i;

	for (i = 0; i < MOST_URBS; i++)
		if (READ_ONCE(inflight[i].urb) &&
		    (is_within(READ_ONCE(inflight[i].urb), memory) ||
		     is_within(READ_ONCE(inflight[i].buffer), memory) ||
		     is_within(READ_ONCE(inflight[i].setup), memory)))
			return true;
	return false;
}

void inflight_driver_gone(void)
{
	unsigned int i;

	for (i = 0; i < MOST_URBS; i++)
		WARN(READ_ONCE(inflight[i].urb),
		     "uxmc-debug: the driver goes while a URB of its is on the bus\n");
}

/* The URB is kept from here on, lest it be over before usb_submit_urb() is. */
static int on_submit(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	struct urb *urb = (void *)regs_get_kernel_argument(regs, 0);

	if (!urb || !code_is_drivers(urb->complete))
		return 1;
	*(struct urb **)instance->data = urb;
	inflight_add(urb);
	return 0;
}

static int on_submitted(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	if ((int)regs_return_value(regs))
		inflight_remove(*(struct urb **)instance->data);
	return 0;
}

static int on_free(struct kprobe *probe, struct pt_regs *regs)
{
	const void *memory = (const void *)regs_get_kernel_argument(regs, 0);

	if (!ZERO_OR_NULL_PTR(memory))
		WARN(inflight_uses(memory),
		     "uxmc-debug: memory is freed while a URB with it is on the bus\n");
	return 0;
}

static struct kretprobe submit = {
	.kp.symbol_name = "usb_submit_urb",
	.entry_handler = on_submit,
	.handler = on_submitted,
	.data_size = sizeof(struct urb *),
	.maxactive = 16,
};

static struct kprobe memory_free = {
	.symbol_name = "kfree",
	.pre_handler = on_free,
};

int inflight_init(void)
{
	int err = register_kretprobe(&submit);

	if (err)
		return err;
	err = register_kprobe(&memory_free);
	if (err)
		unregister_kretprobe(&submit);
	return err;
}

void inflight_exit(void)
{
	unregister_kprobe(&memory_free);
	unregister_kretprobe(&submit);
}
