// SPDX-License-Identifier: GPL-2.0-only
/*
 * An update's states, and who may ask for what in which of them:
 *
 *   idle, done, failed -> requested -> fetching -> verifying -> ...
 *
 * Up to fetching uxmcd changes the state (and a watchdog, if uxmcd does not answer in
 * time), from verifying on the worker in flash.c does: an update has one writer at a
 * time. update_set_state() is the only place where the state changes; a module that
 * is back begins with the one that it left in (failure.c).
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/string.h>

#include "chardev.h"
#include "device.h"
#include "flash.h"
#include "netlink.h"
#include "sysfs.h"
#include "text.h"
#include "timing.h"
#include "url.h"

/* Longest silence that uxmcd may ask for, milliseconds */
#define REPORT_TIMEOUT_MAX	600000
#define REPORT_TIMEOUT_DEFAULT	60000

static const char * const state_name[] = {
	[UXMC_STATE_IDLE] = "idle",
	[UXMC_STATE_REQUESTED] = "requested",
	[UXMC_STATE_FETCHING] = "fetching",
	[UXMC_STATE_VERIFYING] = "verifying",
	[UXMC_STATE_DETACHING] = "detaching",
	[UXMC_STATE_DOWNLOADING] = "downloading",
	[UXMC_STATE_MANIFESTING] = "manifesting",
	[UXMC_STATE_REBOOTING] = "rebooting",
	[UXMC_STATE_DONE] = "done",
	[UXMC_STATE_FAILED] = "failed",
};

static struct workqueue_struct *update_wq;

const char *uxmc_state_name(enum uxmc_state state)
{
	return state_name[state];
}

/* Is there an update that has not ended? */
bool uxmc_update_active(const struct uxmc_device *uxmc)
{
	switch (uxmc->update.state) {
	case UXMC_STATE_IDLE:
	case UXMC_STATE_DONE:
	case UXMC_STATE_FAILED:
		return false;
	case UXMC_STATE_REQUESTED:
	case UXMC_STATE_FETCHING:
	case UXMC_STATE_VERIFYING:
	case UXMC_STATE_DETACHING:
	case UXMC_STATE_DOWNLOADING:
	case UXMC_STATE_MANIFESTING:
	case UXMC_STATE_REBOOTING:
		break;
	}
	return true;
}

/* Is it the worker's turn? */
bool uxmc_update_flashing(const struct uxmc_device *uxmc)
{
	return uxmc_update_active(uxmc) &&
		uxmc->update.state >= UXMC_STATE_VERIFYING;
}

/*
 * mod_delayed_work(), which the device's lock makes the same as these two
 * steps. That would have to name the queue, which was system_wq before Linux 6.17
 * and is system_percpu_wq since; the old name is going to be removed.
 */
static void update_arm_watchdog(struct uxmc_update *update,
				unsigned int timeout)
{
	cancel_delayed_work(&update->watchdog);
	schedule_delayed_work(&update->watchdog, msecs_to_jiffies(timeout));
}

static void update_set_state(struct uxmc_device *uxmc, enum uxmc_state state,
			     u64 total, unsigned int timeout)
{
	struct uxmc_update *update = &uxmc->update;

	lockdep_assert_held(&uxmc->lock);
	if (state != UXMC_STATE_FETCHING)
		update->done = 0;
	update->state = state;
	update->total = total;
	update->timeout = timeout;
	update->notified = jiffies;

	if (state == UXMC_STATE_REQUESTED || state == UXMC_STATE_FETCHING)
		update_arm_watchdog(update, timeout);
	else
		cancel_delayed_work(&update->watchdog);

	uxmc_chardev_event(uxmc);
	sysfs_notify(&uxmc->dev.kobj, NULL, "update_state");
	uxmc_netlink_notify(uxmc, UXMC_MODULE_CHANGED);
}

/**
 * uxmc_update_end - the update has ended
 * @uxmc: the module, locked
 * @err: negative errno, or 0 when it went well
 * @why: a sentence, for a failure
 */
void uxmc_update_end(struct uxmc_device *uxmc, int err, const char *why)
{
	struct uxmc_update *update = &uxmc->update;
	char message[sizeof("manifesting: ") + UXMC_MESSAGE_MAX];

	update->error = err;
	if (err) {
		/* Cut last: what is left of a URL need not look like one. */
		scnprintf(message, sizeof(message), "%s: %s",
			  state_name[update->state], why);
		uxmc_url_hide_in_text(update->message, sizeof(update->message),
				      message);
		uxmc_text_trim(update->message);
	}
	update_set_state(uxmc, err ? UXMC_STATE_FAILED : UXMC_STATE_DONE,
			 0, 0);
}

/**
 * uxmc_update_enter - the worker takes its next step
 * @uxmc: the module
 * @state: the step's state
 * @total: bytes in all that it will have done
 * @timeout: milliseconds until its next status is due at the latest
 *
 * Return: 0, or -ECANCELED if that was asked for while it was still allowed.
 */
int uxmc_update_enter(struct uxmc_device *uxmc, enum uxmc_state state,
		      u64 total, unsigned int timeout)
{
	int err = 0;

	mutex_lock(&uxmc->lock);
	if (uxmc->update.cancelled)
		err = -ECANCELED;
	else
		update_set_state(uxmc, state, total, timeout);
	mutex_unlock(&uxmc->lock);
	return err;
}

/**
 * uxmc_update_progress - the worker has come further within a step
 * @uxmc: the module
 * @done: bytes
 *
 * Return: 0, or -ECANCELED as above.
 */
int uxmc_update_progress(struct uxmc_device *uxmc, u64 done)
{
	struct uxmc_update *update = &uxmc->update;
	int err;

	mutex_lock(&uxmc->lock);
	update->done = done;
	if (done == update->total ||
	    time_after(jiffies, update->notified + HZ / 10)) {
		update->notified = jiffies;
		uxmc_netlink_notify(uxmc, UXMC_MODULE_CHANGED);
	}
	err = update->cancelled ? -ECANCELED : 0;
	mutex_unlock(&uxmc->lock);
	return err;
}

static void update_watchdog(struct work_struct *work)
{
	struct uxmc_update *update = container_of(to_delayed_work(work),
						  struct uxmc_update, watchdog);
	struct uxmc_device *uxmc = container_of(update, struct uxmc_device,
						  update);

	mutex_lock(&uxmc->lock);
	/* A change of state between expiry and here has re-armed it. */
	if (!delayed_work_pending(&update->watchdog)) {
		if (update->state == UXMC_STATE_REQUESTED)
			uxmc_update_end(uxmc, -ETIMEDOUT,
					"nobody took up the request; is uxmcd installed and running?");
		else if (update->state == UXMC_STATE_FETCHING)
			uxmc_update_end(uxmc, -ETIMEDOUT,
					"uxmcd has gone silent; see its log and ask again");
	}
	mutex_unlock(&uxmc->lock);
}

static void update_work(struct work_struct *work)
{
	struct uxmc_device *uxmc = container_of(work, struct uxmc_device,
						  update.work);

	uxmc_flash(uxmc);
	uxmc_device_put(uxmc);
	/* The workqueue is drained before the code goes away. */
	module_put(THIS_MODULE);
}

void uxmc_update_init(struct uxmc_device *uxmc)
{
	INIT_DELAYED_WORK(&uxmc->update.watchdog, update_watchdog);
	INIT_WORK(&uxmc->update.work, update_work);
}

/*
 * The module is not registered any more: nothing arms the watchdog again, and
 * whoever removes a module knows that the worker has ended.
 */
void uxmc_update_release(struct uxmc_device *uxmc)
{
	cancel_delayed_work_sync(&uxmc->update.watchdog);
}

static int refuse(struct netlink_ext_ack *extack, int err, const char *why)
{
	if (extack)
		extack->_msg = why;
	return err;
}

/**
 * uxmc_update_request - ask for an update
 * @uxmc: the module
 * @url: what uxmcd is to fetch; its form is uxmcd's to judge
 * @extack: for the reason of a refusal, or NULL
 *
 * Return: 0; -EBUSY during an update; -ENAMETOOLONG; -EINVAL for an empty URL
 * or one with control characters; -ENODEV.
 */
int uxmc_update_request(struct uxmc_device *uxmc, const char *url,
			struct netlink_ext_ack *extack)
{
	struct uxmc_update *update = &uxmc->update;
	int err = 0;

	if (strlen(url) > UXMC_URL_MAX)
		return refuse(extack, -ENAMETOOLONG,
			      "the URL is longer than 2048 characters");
	if (!*url)
		return refuse(extack, -EINVAL, "the URL is empty");
	if (!uxmc_text_is_clean(url))
		return refuse(extack, -EINVAL,
			      "the URL has control characters in it, or is not UTF-8");

	mutex_lock(&uxmc->lock);
	if (!uxmc->registered) {
		err = refuse(extack, -ENODEV, "the module has been unplugged");
	} else if (uxmc_update_active(uxmc)) {
		err = refuse(extack, -EBUSY,
			     "an update of this module is under way");
	} else {
		strscpy(update->url, url, sizeof(update->url));
		update->file[0] = '\0';
		update->message[0] = '\0';
		update->error = 0;
		update_set_state(uxmc, UXMC_STATE_REQUESTED, 0,
				 uxmc_timing.request);
		uxmc_sysfs_uevent(uxmc, "UXMC_EVENT=request");
	}
	mutex_unlock(&uxmc->lock);
	return err;
}

static void update_take_report(struct uxmc_device *uxmc,
			       const struct uxmc_report *report)
{
	struct uxmc_update *update = &uxmc->update;
	unsigned int timeout = min_t(u32, report->timeout, REPORT_TIMEOUT_MAX);

	if (report->failed) {
		uxmc_update_end(uxmc, report->error ?
				 -(int)report->error : -EIO, report->message);
		return;
	}
	if (!timeout)
		timeout = REPORT_TIMEOUT_DEFAULT;
	if (update->state == UXMC_STATE_REQUESTED) {
		update->done = report->done;
		update_set_state(uxmc, UXMC_STATE_FETCHING, report->total,
				 timeout);
		return;
	}
	update_arm_watchdog(update, timeout);
	update->done = report->done;
	update->total = report->total;
	update->timeout = timeout;
	uxmc_netlink_notify(uxmc, UXMC_MODULE_CHANGED);
}

/**
 * uxmc_update_report - uxmcd tells of its part
 * @uxmc: the module
 * @report: what it says
 * @extack: for the reason of a refusal, or NULL
 *
 * Return: 0, or -ESTALE when there is no request that uxmcd could be at work
 * on, as after a cancellation.
 */
int uxmc_update_report(struct uxmc_device *uxmc,
		       const struct uxmc_report *report,
		       struct netlink_ext_ack *extack)
{
	int err = 0;

	mutex_lock(&uxmc->lock);
	if (!uxmc->registered)
		err = refuse(extack, -ENODEV, "the module has been unplugged");
	else if (uxmc_update_active(uxmc) && !uxmc_update_flashing(uxmc))
		update_take_report(uxmc, report);
	else
		err = refuse(extack, -ESTALE,
			     "this module has no request that is being fetched");
	mutex_unlock(&uxmc->lock);
	return err;
}

/* Only a plain name, so that nothing outside the directory can be meant. */
static bool is_plain_name(const char *file)
{
	return *file && *file != '.' && strlen(file) <= UXMC_FILE_MAX &&
		!strchr(file, '/') && !strstr(file, "..");
}

static int update_begin_flash(struct uxmc_device *uxmc, const char *file,
			      const char *expect,
			      struct netlink_ext_ack *extack)
{
	struct uxmc_update *update = &uxmc->update;

	if (!uxmc->registered || !uxmc->dfu)
		return refuse(extack, -ENODEV, "the module has been unplugged");
	if (uxmc_update_flashing(uxmc))
		return refuse(extack, -EBUSY,
			      "an update of this module is under way");
	if (!try_module_get(THIS_MODULE))
		return refuse(extack, -ENODEV, "the driver is being unloaded");

	if (!uxmc_update_active(uxmc))
		update->url[0] = '\0';
	strscpy(update->file, file, sizeof(update->file));
	strscpy(update->expect, expect, sizeof(update->expect));
	update->message[0] = '\0';
	update->error = 0;
	update->cancelled = false;
	update->other = false;
	get_device(&uxmc->dev);
	update_set_state(uxmc, UXMC_STATE_VERIFYING, 0, uxmc_timing.block);
	queue_work(update_wq, &update->work);
	return 0;
}

/**
 * uxmc_update_flash - flash a file that is in the firmware directory
 * @uxmc: the module
 * @file: a name below uxmc/
 * @expect: the version that it must come back with, or an empty string
 * @extack: for the reason of a refusal, or NULL
 *
 * Returns at once; how it goes shows in the update's state.
 *
 * Return: 0; -EINVAL for a bad name; -EBUSY during another update; -ENODEV.
 */
int uxmc_update_flash(struct uxmc_device *uxmc, const char *file,
		      const char *expect, struct netlink_ext_ack *extack)
{
	int err;

	if (!is_plain_name(file))
		return refuse(extack, -EINVAL,
			      "the file name has to be plain: no directory, no '..', at most 127 characters");
	mutex_lock(&uxmc->lock);
	err = update_begin_flash(uxmc, file, expect, extack);
	mutex_unlock(&uxmc->lock);
	return err;
}

/**
 * uxmc_update_cancel - cancel where that is harmless
 * @uxmc: the module
 * @extack: for the reason of a refusal, or NULL
 *
 * The point of no return is the step that first disturbs the module: the
 * detaching, or the download where it is in DFU mode already.
 *
 * Return: 0; -EBUSY past that point; -ENOENT without an update.
 */
int uxmc_update_cancel(struct uxmc_device *uxmc,
		       struct netlink_ext_ack *extack)
{
	int err = 0;

	mutex_lock(&uxmc->lock);
	if (!uxmc->registered) {
		mutex_unlock(&uxmc->lock);
		return refuse(extack, -ENODEV, "the module has been unplugged");
	}
	switch (uxmc->update.state) {
	case UXMC_STATE_REQUESTED:
	case UXMC_STATE_FETCHING:
		uxmc_update_end(uxmc, -ECANCELED, "cancelled");
		break;
	case UXMC_STATE_VERIFYING:
		uxmc->update.cancelled = true;
		break;
	case UXMC_STATE_DETACHING:
	case UXMC_STATE_DOWNLOADING:
	case UXMC_STATE_MANIFESTING:
	case UXMC_STATE_REBOOTING:
		err = refuse(extack, -EBUSY,
			     "too late to cancel: the module is being flashed");
		break;
	case UXMC_STATE_IDLE:
	case UXMC_STATE_DONE:
	case UXMC_STATE_FAILED:
		err = refuse(extack, -ENOENT, "there is no update to cancel");
		break;
	}
	mutex_unlock(&uxmc->lock);
	return err;
}

int uxmc_updates_init(void)
{
	update_wq = alloc_workqueue("uxmc", WQ_UNBOUND, 0);
	return update_wq ? 0 : -ENOMEM;
}

void uxmc_updates_exit(void)
{
	destroy_workqueue(update_wq);
}
