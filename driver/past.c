// SPDX-License-Identifier: GPL-2.0-only
/*
 * What became of modules that left after a failure, or with one: kept until they
 * are back on their port, where they show it. All of it is under the lock of
 * the list of modules, which the callers hold.
 */
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "device.h"
#include "past.h"

/* A port each; the oldest goes when there are more. */
#define PAST_MAX	16

struct past {
	struct list_head entry;
	char port[UXMC_PORT_MAX + 1];
	char serial[UXMC_SERIAL_MAX + 1];
	char url[UXMC_URL_MAX + 1];
	char message[UXMC_MESSAGE_MAX + 1];
	int error;
};

static LIST_HEAD(pasts);	/* oldest first */
static int past_count;

static void past_drop(struct past *past)
{
	list_del(&past->entry);
	past_count--;
	kfree(past);
}

static struct past *past_find(const struct uxmc_device *uxmc)
{
	struct past *past;

	list_for_each_entry(past, &pasts, entry)
		if (!strcmp(past->port, uxmc->port) &&
		    (!past->serial[0] || !uxmc->serial[0] ||
		     !strcmp(past->serial, uxmc->serial)))
			return past;
	return NULL;
}

/**
 * uxmc_past_remember - keep a failure of a module that has left
 * @uxmc: the module; the list of modules is locked
 */
void uxmc_past_remember(struct uxmc_device *uxmc)
{
	const struct uxmc_update *update = &uxmc->update;
	struct past *past = past_find(uxmc);

	if (past)
		past_drop(past);
	if (!update->error)
		return;
	if (past_count == PAST_MAX)
		past_drop(list_first_entry(&pasts, struct past, entry));

	past = kzalloc(sizeof(*past), GFP_KERNEL);
	if (!past)
		return;
	strscpy(past->port, uxmc->port, sizeof(past->port));
	strscpy(past->serial, uxmc->serial, sizeof(past->serial));
	strscpy(past->url, update->url, sizeof(past->url));
	strscpy(past->message, update->message, sizeof(past->message));
	past->error = update->error;
	list_add_tail(&past->entry, &pasts);
	past_count++;
}

/**
 * uxmc_past_recall - show the failure that a module left with
 * @uxmc: the module, about to be registered; the list of modules is locked
 */
void uxmc_past_recall(struct uxmc_device *uxmc)
{
	struct uxmc_update *update = &uxmc->update;
	struct past *past = past_find(uxmc);

	if (!past)
		return;
	strscpy(update->url, past->url, sizeof(update->url));
	strscpy(update->message, past->message, sizeof(update->message));
	update->error = past->error;
	update->state = UXMC_STATE_FAILED;
	past_drop(past);
}

void uxmc_past_exit(void)
{
	struct past *past, *next;

	list_for_each_entry_safe(past, next, &pasts, entry)
		past_drop(past);
}
