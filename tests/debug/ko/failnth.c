// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What /proc/self/fail-nth does for a process, for the driver's work and for its
 * completion handlers: fail one allocation, or one usb_submit_urb(), with -ENOMEM.
 * Parameters in /sys/module/uxmc_debug/parameters:
 *
 * fails      whether anything is ever to fail, which is said when this is loaded: looking
 *            at all allocations of the kernel takes a quarter of the processor's time
 * fail_nth   fail the n-th from now on; 0: none
 * fail_new   fail the next one with a call trace of which none has failed yet
 * failed     how many have failed; one at most after each write to the other two
 * seen       how many there were since then
 */
#include <linux/gfp.h>
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <linux/usb.h>
#include <linux/workqueue.h>

#include "code.h"
#include "failnth.h"

#define MOST_TASKS	16
#define MOST_TRACES	4096
#define TRACE_DEPTH	32

static bool fails;
static unsigned int nth;
static bool fail_new;
static unsigned int failed;
static unsigned int seen;
module_param(fails, bool, 0444);
module_param(failed, uint, 0444);
module_param(seen, uint, 0444);

/* Probes hit in any context, as lockdep sees it in NMIs: it is not to know of this. */
static arch_spinlock_t failnth_lock = __ARCH_SPIN_LOCK_UNLOCKED;
/* Who runs the driver's work or a completion handler of its now */
static const struct task_struct *tasks[MOST_TASKS];
static u32 traces[MOST_TRACES];
static unsigned int nr_traces;
/* Who is in module_add_driver(); one at a time is */
static const struct task_struct *adding_driver;

static int set_nth(const char *text, const struct kernel_param *param)
{
	int err = param_set_uint(text, param);

	fail_new = false;
	seen = 0;
	return err;
}

static const struct kernel_param_ops nth_ops = {
	.set = set_nth,
	.get = param_get_uint,
};
module_param_cb(fail_nth, &nth_ops, &nth, 0644);

static int set_new(const char *text, const struct kernel_param *param)
{
	int err = param_set_bool(text, param);

	nth = 0;
	seen = 0;
	return err;
}

static const struct kernel_param_ops new_ops = {
	.set = set_new,
	.get = param_get_bool,
};
module_param_cb(fail_new, &new_ops, &fail_new, 0644);

/* Put in one that is not there, or the other way round */
static bool exchange_task(const struct task_struct *from, const struct task_struct *to)
{
	unsigned int i;

	for (i = 0; i < MOST_TASKS; i++)
		if (cmpxchg(&tasks[i], from, to) == from)
			return true;
	return false;
}

static bool is_watched(const struct task_struct *task)
{
	unsigned int i;

	for (i = 0; i < MOST_TASKS; i++)
		if (READ_ONCE(tasks[i]) == task)
			return true;
	return false;
}

static bool is_new_trace(void)
{
	unsigned long entries[TRACE_DEPTH];
	unsigned int i, count;
	u32 hash;

	count = stack_trace_save(entries, TRACE_DEPTH, 0);
	hash = jhash(entries, count * sizeof(entries[0]), 0);
	for (i = 0; i < nr_traces; i++)
		if (traces[i] == hash)
			return false;
	if (nr_traces == MOST_TRACES)
		return false;
	traces[nr_traces++] = hash;
	return true;
}

static bool has_to_fail(void)
{
	unsigned long flags;
	bool fails = false;

	if ((!READ_ONCE(nth) && !READ_ONCE(fail_new)) || !is_watched(current))
		return false;
	raw_local_irq_save(flags);
	arch_spin_lock(&failnth_lock);
	seen++;
	if (fail_new)
		fails = is_new_trace();
	else
		fails = nth && seen == nth;
	if (fails) {
		failed++;
		fail_new = false;
		nth = 0;
	}
	arch_spin_unlock(&failnth_lock);
	raw_local_irq_restore(flags);
	return fails;
}

/* From the first instruction of a function back to its caller */
static int return_now(struct pt_regs *regs, unsigned long value)
{
	regs->ip = *(unsigned long *)regs->sp;
	regs->sp += sizeof(unsigned long);
	regs->ax = value;
	return 1;
}

/* What fails in these does so because it was made to. */
static bool is_made_to_fail(void)
{
	return is_watched(current) || !strcmp(current->comm, "fail-nth");
}

/* kmemleak's (gfp_kmemleak_mask() in its file) and ODEBUG's (fill_pool()) are not ours. */
static bool is_for_debugging(gfp_t gfp)
{
	const gfp_t kmemleak = __GFP_NOMEMALLOC | __GFP_NORETRY | __GFP_NOWARN;

	return (gfp & kmemleak) == kmemleak ||
		(gfp & ~__GFP_ZERO) == (__GFP_HIGH | __GFP_NOWARN);
}

/*
 * Where the kernel does not get over it, whoever asks: vhci-hcd loses a URB that it has
 * no memory for (vhci_tx_urb()), and who cancels that waits for ever; real controllers
 * refuse it. module_add_driver() leaves a link in sysfs behind, which the next loading
 * of the driver runs into.
 */
static bool is_fatal(void)
{
	unsigned long entries[TRACE_DEPTH];
	unsigned int i, count;

	if (READ_ONCE(adding_driver) == current)
		return true;
	if (!is_made_to_fail())
		return false;
	count = stack_trace_save(entries, TRACE_DEPTH, 0);
	for (i = 0; i < count; i++)
		if (code_is_vhcis((const void *)entries[i]))
			return true;
	return false;
}

static int on_slab(struct kprobe *probe, struct pt_regs *regs)
{
	gfp_t gfp = (__force gfp_t)regs_get_kernel_argument(regs, 1);

	if (gfp & __GFP_NOFAIL)
		return 0;
	/* Nor is the kernel's fail-nth to count them. */
	if (is_for_debugging(gfp) || is_fatal())
		return return_now(regs, 0);
	return has_to_fail() ? return_now(regs, -ENOMEM) : 0;
}

static int on_pages(struct kprobe *probe, struct pt_regs *regs)
{
	gfp_t gfp = (__force gfp_t)regs_get_kernel_argument(regs, 0);

	if (gfp & __GFP_NOFAIL)
		return 0;
	return has_to_fail() ? return_now(regs, true) : 0;
}

static int on_submit(struct kprobe *probe, struct pt_regs *regs)
{
	return has_to_fail() ? return_now(regs, -ENOMEM) : 0;
}

/* vmalloc() warns, with a call trace, where a page that it wanted was not to be had. */
static int on_warning(struct kprobe *probe, struct pt_regs *regs)
{
	return is_made_to_fail() ? return_now(regs, 0) : 0;
}

/* With one of these the probe is a breakpoint, from which one can return. */
static void after(struct kprobe *probe, struct pt_regs *regs, unsigned long flags)
{
}

static int enter(const void *function)
{
	if (!code_is_drivers(function))
		return 1;
	return exchange_task(NULL, current) ? 0 : 1;
}

static int leave(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	exchange_task(current, NULL);
	return 0;
}

static int on_work(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	const struct work_struct *work = (const void *)regs_get_kernel_argument(regs, 1);

	return enter(work->func);
}

static int on_giveback(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	const struct urb *urb = (const void *)regs_get_kernel_argument(regs, 0);

	return enter(urb->complete);
}

static int on_add(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	WRITE_ONCE(adding_driver, current);
	return 0;
}

static int on_added(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	WRITE_ONCE(adding_driver, NULL);
	return 0;
}

static struct kprobe probes[] = {
	{ .symbol_name = "should_failslab", .pre_handler = on_slab, .post_handler = after },
	{ .symbol_name = "should_fail_alloc_page", .pre_handler = on_pages,
	  .post_handler = after },
	{ .symbol_name = "usb_submit_urb", .pre_handler = on_submit, .post_handler = after },
	{ .symbol_name = "warn_alloc", .pre_handler = on_warning, .post_handler = after },
};

static struct kretprobe contexts[] = {
	{ .kp.symbol_name = "process_one_work", .entry_handler = on_work, .handler = leave,
	  .maxactive = 64 },
	{ .kp.symbol_name = "__usb_hcd_giveback_urb", .entry_handler = on_giveback,
	  .handler = leave, .maxactive = 64 },
	{ .kp.symbol_name = "module_add_driver", .entry_handler = on_add,
	  .handler = on_added },
};

static void unregister_contexts(unsigned int count)
{
	while (count--)
		unregister_kretprobe(&contexts[count]);
}

static void unregister_probes(unsigned int count)
{
	while (count--)
		unregister_kprobe(&probes[count]);
}

static int register_contexts(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(contexts); i++) {
		err = register_kretprobe(&contexts[i]);
		if (err) {
			unregister_contexts(i);
			return err;
		}
	}
	return 0;
}

static int register_probes(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		err = register_kprobe(&probes[i]);
		if (err) {
			unregister_probes(i);
			return err;
		}
	}
	return 0;
}

int failnth_init(void)
{
	int err;

	if (!fails)
		return 0;
	err = register_contexts();
	if (err)
		return err;
	err = register_probes();
	if (err)
		unregister_contexts(ARRAY_SIZE(contexts));
	return err;
}

void failnth_exit(void)
{
	if (!fails)
		return;
	unregister_probes(ARRAY_SIZE(probes));
	unregister_contexts(ARRAY_SIZE(contexts));
}
