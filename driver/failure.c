// SPDX-License-Identifier: GPL-2.0-only
/*
 * Failed updates of modules that have left the bus, kept until the module is back
 * on its port and shows it. Under the lock of the list of devices, which the
 * callers hold.
 */
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "device.h"
#include "failure.h"

/* A port each; the oldest goes when there are more. */
#define FAILURES_MAX	16

struct failure {
	struct list_head entry;
	char port[UXMC_PORT_MAX + 1];
	char serial[UXMC_SERIAL_MAX + 1];
	char url[UXMC_URL_MAX + 1];
	char message[UXMC_MESSAGE_MAX + 1];
	int error;
};

static LIST_HEAD(failures);	/* oldest first */
static int failure_count;

static void failure_drop(struct failure *failure)
{
	list_del(&failure->entry);
	failure_count--;
	kfree(failure);
}

static struct failure *failure_find(const struct uxmc_device *uxmc)
{
	struct failure *failure;

	list_for_each_entry(failure, &failures, entry)
		if (!strcmp(failure->port, uxmc->port) &&
		    (!failure->serial[0] || !uxmc->serial[0] ||
		     !strcmp(failure->serial, uxmc->serial)))
			return failure;
	return NULL;
}

/**
 * uxmc_failure_remember - keep a failure of a module that has left
 * @uxmc: the module; the list of modules is locked
 */
void uxmc_failure_remember(struct uxmc_device *uxmc)
{
	const struct uxmc_update *update = &uxmc->update;
	struct failure *failure = failure_find(uxmc);

	if (failure)
		failure_drop(failure);
	if (!update->error)
		return;
	if (failure_count == FAILURES_MAX)
		failure_drop(list_first_entry(&failures, struct failure, entry));

	failure = kzalloc(sizeof(*failure), GFP_KERNEL);
	if (!failure)
		return;
	strscpy(failure->port, uxmc->port, sizeof(failure->port));
	strscpy(failure->serial, uxmc->serial, sizeof(failure->serial));
	strscpy(failure->url, update->url, sizeof(failure->url));
	strscpy(failure->message, update->message, sizeof(failure->message));
	failure->error = update->error;
	list_add_tail(&failure->entry, &failures);
	failure_count++;
}

/**
 * uxmc_failure_recall - show the failure that a module left with
 * @uxmc: the module, about to be registered; the list of modules is locked
 */
void uxmc_failure_recall(struct uxmc_device *uxmc)
{
	struct uxmc_update *update = &uxmc->update;
	struct failure *failure = failure_find(uxmc);

	if (!failure)
		return;
	strscpy(update->url, failure->url, sizeof(update->url));
	strscpy(update->message, failure->message, sizeof(update->message));
	update->error = failure->error;
	update->state = UXMC_STATE_FAILED;
	failure_drop(failure);
}

void uxmc_failure_exit(void)
{
	struct failure *failure, *next;

	list_for_each_entry_safe(failure, next, &failures, entry)
		failure_drop(failure);
}
