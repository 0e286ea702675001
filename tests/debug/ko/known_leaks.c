// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel itself leaks when it is out of memory, and the driver can do nothing
 * about: kmemleak is not to report it.
 *
 * Linux 6.1's __class_register() forgets the name that it gave to the class, where
 * kset_register() fails. (Later kernels free it there.)
 */
#include <linux/kernel.h>
#include <linux/kmemleak.h>
#include <linux/kobject.h>
#include <linux/kprobes.h>

#include "known_leaks.h"

static int on_register(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	*(const struct kset **)instance->data =
		(const void *)regs_get_kernel_argument(regs, 0);
	return 0;
}

static int on_registered(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	const struct kset *kset = *(const struct kset **)instance->data;

	if ((int)regs_return_value(regs))
		kmemleak_ignore(kset->kobj.name);
	return 0;
}

static struct kretprobe registers = {
	.kp.symbol_name = "kset_register",
	.entry_handler = on_register,
	.handler = on_registered,
	.data_size = sizeof(struct kset *),
};

int known_leaks_init(void)
{
	return register_kretprobe(&registers);
}

void known_leaks_exit(void)
{
	unregister_kretprobe(&registers);
}
