// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/param.h>
#include <time.h>

#include "clock.h"
#include "history.h"
#include "log.h"
#include "outcome.h"
#include "outcomeline.h"
#include "random.h"
#include "schedule.h"
#include "text.h"

/* 0: not known */
static uint64_t wall_clock(void)
{
	return clock_is_set() ? (uint64_t)time(NULL) : 0;
}

static void describe(const struct update *update, enum history_result result,
		     const char *message, struct history_entry *entry)
{
	const struct journal *record = &update->record;
	struct imagename image;

	*entry = (struct history_entry) {
		.when = wall_clock(),
		.seconds = (loop_now() - update->began + 500) / 1000,
		.provisioned = record->provisioned,
		.result = result,
	};
	if (!imagename_parse(record->name, &image))
		text_copy(entry->model, sizeof(entry->model), image.model);
	text_copy(entry->port, sizeof(entry->port), record->port);
	text_copy(entry->serial, sizeof(entry->serial), record->serial);
	text_copy(entry->from, sizeof(entry->from), record->from);
	text_copy(entry->to, sizeof(entry->to), record->expect);
	url_show(record->url, entry->url, sizeof(entry->url));
	text_format(entry->message, sizeof(entry->message), "%s", message);
	text_copy(entry->trust, sizeof(entry->trust), record->trust);
}

static void log_outcome(const struct outcome *outcome,
			const struct history_entry *entry)
{
	const struct modules *modules = &outcome->publish->driver->modules;
	const struct module *module;
	char line[OUTCOMELINE_SIZE];
	char name[16] = "";

	module = modules_find_at(modules, entry->port, entry->serial);
	if (module)
		text_format(name, sizeof(name), "uxmc%u", module->id);
	outcomeline_make(entry, name, line, sizeof(line));
	log_line(entry->result == HISTORY_DONE ? LOG_INFO : LOG_WARNING, "%s",
		 line);
}

static void remember(const struct outcome *outcome, const struct update *update,
		     enum history_result result, const char *message)
{
	struct history_entry entry;
	int ret;

	describe(update, result, message, &entry);
	log_outcome(outcome, &entry);
	ret = history_add(outcome->store->dir, &entry);
	if (ret < 0)
		log_warning("the update is not in the log of updates: %s",
			    strerror(-ret));
	else if (ret)
		log_error("the log of updates was damaged: %s",
			  "it is kept as history.damaged, and begins anew");
}

static bool keep_url(const struct outcome *outcome, const struct journal *record)
{
	int ret = publish_updated(outcome->publish, record);

	if (ret)
		log_error("firmware_uxm cannot be set: %s", strerror(-ret));
	return !ret;
}

/* It has one again, if it had none in DFU mode only. */
static void note_serial(const struct outcome *outcome,
			const struct attempts_target *target)
{
	const struct modules *modules = &outcome->publish->driver->modules;
	const struct module *module;

	module = modules_find_at(modules, target->port, target->serial);
	if (!*target->serial && module && *module->serial)
		attempts_name(&outcome->store->attempts, target, module->serial);
}

/* On the disk first, where that can be: who sees it shown finds it stored. */
void outcome_done(const struct outcome *outcome, const struct update *update)
{
	const struct journal *record = &update->record;
	const struct attempts_target target = journal_target(record);
	bool kept = !record->file && keep_url(outcome, record);

	attempts_succeeded(&outcome->store->attempts, &target);
	note_serial(outcome, &target);
	saver_save(outcome->saver);
	if (kept)
		publish_image_url(outcome->publish);
	remember(outcome, update, HISTORY_DONE, "");
}

/*
 * A fetch that fails would fail for every module. A flash that fails is not repeated
 * as soon as a server would have it.
 */
static void note_failure(const struct outcome *outcome,
			 const struct update *update, bool fetched)
{
	const struct journal *record = &update->record;
	const struct attempts_target fetch = { record->url, "", "" };
	const struct attempts_target target =
		fetched ? journal_target(record) : fetch;
	struct attempts *attempts = &outcome->store->attempts;
	uint64_t retry_after = fetched ? 0 : intake_retry_after(&update->intake);
	uint64_t interval = settings_interval(&outcome->store->settings);
	uint64_t pause;

	if (!fetched)
		interval = schedule_longest(interval, update->failure.error);
	pause = schedule_retry(attempts_failures(attempts, &target) + 1,
			       interval, retry_after * 1000, random_bits());
	if (fetched)
		pause = MAX(pause, schedule_wait(outcome->config->flash_pause,
						 random_bits()));
	attempts_failed(attempts, &target, loop_now(), pause);
}

bool outcome_failed(const struct outcome *outcome, const struct update *update,
		    bool fetched)
{
	const struct journal *record = &update->record;
	const struct failure *failure = &update->failure;
	const struct attempts_target target = journal_target(record);

	remember(outcome, update, failure_was_wanted(failure) ?
		 HISTORY_CANCELLED : HISTORY_FAILED, failure->message);
	/* One that was unplugged is looked at when it is plugged in again. */
	if (!record->provisioned || failure->error == ENODEV ||
	    failure->error == FAILURE_ABANDONED)
		return false;
	if (failure->error == ECANCELED)
		attempts_deny(&outcome->store->attempts, &target);
	else
		note_failure(outcome, update, fetched);
	saver_save(outcome->saver);
	return true;
}
