// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long the driver waits for what, as module parameters.
 *
 * Every wait of an update is bounded by one of these, and so is their sum: from
 * `verifying` on, reading the file apart, an update of N bytes ends within
 *
 *   2 reboot_timeout + 4 block_timeout + N / least_rate + manifest_timeout
 *
 * and half a minute (several times ctrl_timeout), unless the system is suspended
 * meanwhile; twice that where the module has to be reset to get ready.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/time64.h>

#include "timing.h"

struct uxmc_timing uxmc_timing = {
	.request = 60000,
	.control = 5000,	/* USB 2.0 section 9.2.6.4 */
	.block = 30000,
	.manifest = 300000,
	.reboot = 60000,
	.rate = 16384,
};

static int set_bounded(const char *text, unsigned int min, unsigned int max,
		       unsigned int *to)
{
	unsigned int value;
	int err = kstrtouint(text, 0, &value);

	if (err)
		return err;
	if (value < min || value > max)
		return -ERANGE;
	WRITE_ONCE(*to, value);
	return 0;
}

/* From what no machine is too slow for, up to an hour */
static int set_time(const char *text, const struct kernel_param *param)
{
	return set_bounded(text, 100, 3600 * MSEC_PER_SEC, param->arg);
}

static int set_rate(const char *text, const struct kernel_param *param)
{
	return set_bounded(text, 1024, 1024 * 1024 * 1024, param->arg);
}

static const struct kernel_param_ops time_ops = {
	.set = set_time,
	.get = param_get_uint,
};

static const struct kernel_param_ops rate_ops = {
	.set = set_rate,
	.get = param_get_uint,
};

module_param_cb(request_timeout, &time_ops, &uxmc_timing.request, 0644);
MODULE_PARM_DESC(request_timeout,
		 "for uxmcd to take up a request, ms, 100 to 3600000 as all times (60000)");
module_param_cb(ctrl_timeout, &time_ops, &uxmc_timing.control, 0644);
MODULE_PARM_DESC(ctrl_timeout, "for one control transfer, ms (5000)");
module_param_cb(block_timeout, &time_ops, &uxmc_timing.block, 0644);
MODULE_PARM_DESC(block_timeout, "for one block to be written, ms (30000)");
module_param_cb(manifest_timeout, &time_ops, &uxmc_timing.manifest, 0644);
MODULE_PARM_DESC(manifest_timeout, "for manifestation, ms (300000)");
module_param_cb(reboot_timeout, &time_ops, &uxmc_timing.reboot, 0644);
MODULE_PARM_DESC(reboot_timeout,
		 "for a module to change its mode, each way, ms (60000)");
module_param_cb(least_rate, &rate_ops, &uxmc_timing.rate, 0644);
MODULE_PARM_DESC(least_rate,
		 "bytes per second that a module has to take, 1024 to 2^30 (16384)");

/**
 * uxmc_timing_download - how long a download may take
 * @size: bytes to be sent
 *
 * Return: milliseconds: one block's time, and @size at the least rate.
 */
unsigned int uxmc_timing_download(size_t size)
{
	return uxmc_timing.block +
		div_u64((u64)size * MSEC_PER_SEC, uxmc_timing.rate);
}
