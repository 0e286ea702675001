// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel has no tool for, in tests of the driver: to fail what its worker
 * and its completion handlers ask for (failnth.c), to see that nothing is freed that a
 * URB on the bus needs (inflight.c), and to know what is the kernel's own leak
 * (known_leaks.c). Load it before the driver.
 */
#include <linux/module.h>

#include "code.h"
#include "failnth.h"
#include "inflight.h"
#include "known_leaks.h"

static int __init debug_init(void)
{
	int err = code_init();

	if (err)
		return err;
	err = inflight_init();
	if (err)
		goto exit_code;
	err = failnth_init();
	if (err)
		goto exit_inflight;
	err = known_leaks_init();
	if (err)
		goto exit_failnth;
	return 0;

exit_failnth:
	failnth_exit();
exit_inflight:
	inflight_exit();
exit_code:
	code_exit();
	return err;
}

static void __exit debug_exit(void)
{
	known_leaks_exit();
	failnth_exit();
	inflight_exit();
	code_exit();
}

module_init(debug_init);
module_exit(debug_exit);

MODULE_DESCRIPTION("Faults for the driver uxmc, and what it must not do");
MODULE_LICENSE("GPL");
