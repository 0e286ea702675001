/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One update of a module: from the request to the module's running the new
 * firmware, or to the reason why it does not.
 */
#ifndef _UXMC_UPDATE_H
#define _UXMC_UPDATE_H

#include <linux/types.h>
#include <linux/workqueue.h>

#include "uapi/uxmc.h"

struct netlink_ext_ack;
struct uxmc_device;

/**
 * struct uxmc_update - the current or last update; under the module's lock
 * @state: changed by update_set_state() alone
 * @done: bytes done in @state
 * @total: bytes in all in @state, 0 if not known
 * @timeout: milliseconds until the next status is due, 0 if none is
 * @error: negative errno of a failed update, else 0
 * @message: "<phase>: <sentence>" of a failed update, else empty
 * @url: what was asked for
 * @file: image being flashed
 * @expect: version the module must come back with, or empty
 * @cancelled: seen by the worker before it disturbs the module
 * @other: another module came back on the port
 * @notified: when progress was last told, jiffies
 * @watchdog: fails a request that user space did not answer in time
 * @work: the flashing
 */
struct uxmc_update {
	enum uxmc_state state;
	u64 done;
	u64 total;
	unsigned int timeout;
	int error;
	char message[UXMC_MESSAGE_MAX + 1];
	char url[UXMC_URL_MAX + 1];
	char file[UXMC_FILE_MAX + 1];
	char expect[UXMC_VERSION_MAX + 1];
	bool cancelled;
	bool other;
	unsigned long notified;
	struct delayed_work watchdog;
	struct work_struct work;
};

/**
 * struct uxmc_report - what uxmcd says of its part of an update
 * @failed: it failed, else it is fetching
 * @done: bytes fetched
 * @total: bytes to fetch, 0 if not known
 * @timeout: milliseconds until the next report, 0 for the default
 * @error: positive errno of a failure
 * @message: sentence of a failure
 */
struct uxmc_report {
	bool failed;
	u64 done;
	u64 total;
	u32 timeout;
	u32 error;
	const char *message;
};

int uxmc_updates_init(void);
void uxmc_updates_exit(void);

void uxmc_update_init(struct uxmc_device *uxmc);
void uxmc_update_release(struct uxmc_device *uxmc);

int uxmc_update_request(struct uxmc_device *uxmc, const char *url,
			struct netlink_ext_ack *extack);
int uxmc_update_report(struct uxmc_device *uxmc,
		       const struct uxmc_report *report,
		       struct netlink_ext_ack *extack);
int uxmc_update_flash(struct uxmc_device *uxmc, const char *file,
		      const char *expect, struct netlink_ext_ack *extack);
int uxmc_update_cancel(struct uxmc_device *uxmc,
		       struct netlink_ext_ack *extack);

bool uxmc_update_active(const struct uxmc_device *uxmc);
bool uxmc_update_flashing(const struct uxmc_device *uxmc);
void uxmc_update_end(struct uxmc_device *uxmc, int err, const char *why);
int uxmc_update_enter(struct uxmc_device *uxmc, enum uxmc_state state,
		      u64 total, unsigned int timeout);
int uxmc_update_progress(struct uxmc_device *uxmc, u64 done);
const char *uxmc_state_name(enum uxmc_state state);

#endif /* _UXMC_UPDATE_H */
