// SPDX-License-Identifier: GPL-2.0-only
/*
 * System suspend and updates. No suspend is refused: the transfers of an update
 * are stopped with their device (uxmc_dfu_suspend()), and the update goes on
 * after it. Two things are the system's as a whole:
 *
 * - While a module is being changed, a wakeup source says so to those who decide
 *   on suspend by wakeup events (Documentation/power/autosleep, wakeup_count).
 * - No file is read while file systems may be out of reach.
 */
#include <linux/module.h>
#include <linux/device.h>
#include <linux/spinlock.h>
#include <linux/suspend.h>
#include <linux/wait.h>

#include "power.h"

/* A file that cannot be read in this time does not hold up a suspend. */
#define POWER_READ_TIMEOUT	HZ

/* Protects the three below. */
static DEFINE_SPINLOCK(power_lock);
static unsigned int power_changing;
static unsigned int power_reading;
static bool power_suspending;

/* Woken by the last two */
static DECLARE_WAIT_QUEUE_HEAD(power_wait);

static struct wakeup_source *power_source;

/* A module is about to be changed. */
void uxmc_power_stay_awake(void)
{
	spin_lock(&power_lock);
	if (!power_changing++)
		__pm_stay_awake(power_source);
	spin_unlock(&power_lock);
}

void uxmc_power_relax(void)
{
	spin_lock(&power_lock);
	if (!--power_changing)
		__pm_relax(power_source);
	spin_unlock(&power_lock);
}

static bool power_may_read(void)
{
	bool may;

	spin_lock(&power_lock);
	may = !power_suspending;
	if (may)
		power_reading++;
	spin_unlock(&power_lock);
	return may;
}

/**
 * uxmc_power_begin_read - wait until files can be read, which is all but always
 *
 * To be followed by uxmc_power_end_read() soon, for a suspend waits for that.
 */
void uxmc_power_begin_read(void)
{
	wait_event_idle(power_wait, power_may_read());
}

void uxmc_power_end_read(void)
{
	spin_lock(&power_lock);
	power_reading--;
	spin_unlock(&power_lock);
	wake_up_all(&power_wait);
}

static void power_set_suspending(bool suspending)
{
	spin_lock(&power_lock);
	power_suspending = suspending;
	spin_unlock(&power_lock);
	wake_up_all(&power_wait);
}

static int power_event(struct notifier_block *block, unsigned long event,
		       void *unused)
{
	switch (event) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		power_set_suspending(true);
		wait_event_timeout(power_wait, !READ_ONCE(power_reading),
				   POWER_READ_TIMEOUT);
		break;
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		power_set_suspending(false);
		break;
	}
	return NOTIFY_OK;
}

static struct notifier_block power_notifier = {
	.notifier_call = power_event,
};

int uxmc_power_init(void)
{
	int err = register_pm_notifier(&power_notifier);

	if (err)
		return err;
	/* Without one (no memory, no PM) nobody is told; nothing else differs. */
	power_source = wakeup_source_register(NULL, KBUILD_MODNAME);
	return 0;
}

void uxmc_power_exit(void)
{
	wakeup_source_unregister(power_source);
	unregister_pm_notifier(&power_notifier);
}
