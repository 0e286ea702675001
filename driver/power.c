// SPDX-License-Identifier: GPL-2.0-only
/*
 * System suspend and flashing exclude each other. (Runtime suspend is held off
 * by the reference of uxmc_dfu_hold().)
 */
#include <linux/mutex.h>
#include <linux/suspend.h>

#include "power.h"

/* Protects the two below. */
static DEFINE_MUTEX(power_lock);
static unsigned int power_flashing;
static bool power_suspending;

/**
 * uxmc_power_begin_flash - no system suspend from now on
 *
 * Return: false when one has begun already; true obliges the caller to
 * uxmc_power_end_flash().
 */
bool uxmc_power_begin_flash(void)
{
	bool ok;

	mutex_lock(&power_lock);
	ok = !power_suspending;
	if (ok)
		power_flashing++;
	mutex_unlock(&power_lock);
	return ok;
}

void uxmc_power_end_flash(void)
{
	mutex_lock(&power_lock);
	power_flashing--;
	mutex_unlock(&power_lock);
}

/* The USB core does not let a driver refuse a system suspend; this does. */
static int power_event(struct notifier_block *block, unsigned long event,
		       void *unused)
{
	int ret = NOTIFY_OK;

	mutex_lock(&power_lock);
	switch (event) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		if (power_flashing)
			ret = NOTIFY_BAD;
		else
			power_suspending = true;
		break;
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		power_suspending = false;
		break;
	}
	mutex_unlock(&power_lock);
	if (ret == NOTIFY_BAD)
		pr_info("uxmc: no suspend while a module is being updated\n");
	return ret;
}

static struct notifier_block power_notifier = {
	.notifier_call = power_event,
};

int uxmc_power_init(void)
{
	return register_pm_notifier(&power_notifier);
}

void uxmc_power_exit(void)
{
	unregister_pm_notifier(&power_notifier);
}
