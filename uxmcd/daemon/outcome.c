// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <time.h>

#include "history.h"
#include "log.h"
#include "outcome.h"
#include "random.h"
#include "text.h"

#define CLOCK_NOT_SET	1577836800	/* it is before 2020 */

/* A phone without a battery begins its time in 1970; 0: not known. */
static uint64_t wall_clock(void)
{
	time_t now = time(NULL);

	return now < CLOCK_NOT_SET ? 0 : (uint64_t)now;
}

static void remember(const struct store *store, const struct update *update,
		     enum history_result result, const char *message)
{
	const struct journal *record = &update->record;
	struct history_entry entry = {
		.when = wall_clock(),
		.seconds = (loop_now() - update->began + 500) / 1000,
		.provisioned = record->provisioned,
		.result = result,
	};
	struct imagename image;
	int ret;

	if (!imagename_parse(record->name, &image))
		text_copy(entry.model, sizeof(entry.model), image.model);
	text_copy(entry.port, sizeof(entry.port), record->port);
	text_copy(entry.serial, sizeof(entry.serial), record->serial);
	text_copy(entry.from, sizeof(entry.from), record->from);
	text_copy(entry.to, sizeof(entry.to), record->expect);
	text_copy(entry.url, sizeof(entry.url), record->url);
	text_format(entry.message, sizeof(entry.message), "%s", message);
	ret = history_add(store->dir, &entry);
	if (ret < 0)
		log_warning("the update is not in the log of updates: %s",
			    strerror(-ret));
	else if (ret)
		log_error("the log of updates was damaged: %s",
			  "it is kept as history.damaged, and begins anew");
}

static void store_url(const struct outcome *outcome,
		      const struct journal *record)
{
	int ret = publish_updated(outcome->publish, record);

	if (ret)
		log_error("firmware_uxm cannot be stored: %s", strerror(-ret));
}

void outcome_done(const struct outcome *outcome, const struct update *update)
{
	const struct journal *record = &update->record;

	if (!record->file)
		store_url(outcome, record);
	log_info("the module at %s has been updated to %s", record->port,
		 record->expect);
	remember(outcome->store, update, HISTORY_DONE, "");
	attempts_succeeded(&outcome->store->attempts, record->url,
			   record->port, record->serial);
}

/* A fetch that fails would fail for every module. */
static void note_failure(struct store *store, const struct journal *record,
			 bool fetched)
{
	attempts_failed(&store->attempts, record->url,
			fetched ? record->port : "",
			fetched ? record->serial : "", loop_now(),
			settings_interval(&store->settings), random_bits());
}

bool outcome_failed(const struct outcome *outcome, const struct update *update,
		    bool fetched)
{
	const struct journal *record = &update->record;
	const struct failure *failure = &update->failure;

	log_warning("the update of the module at %s to %s failed: %s",
		    record->port, record->expect, failure->message);
	remember(outcome->store, update, failure_was_wanted(failure) ?
		 HISTORY_CANCELLED : HISTORY_FAILED, failure->message);
	/* One that was unplugged is looked at when it is plugged in again. */
	if (!record->provisioned || failure->error == ENODEV ||
	    failure->error == FAILURE_ABANDONED)
		return false;
	if (failure->error == ECANCELED)
		consent_deny(outcome->consent, record->url, record->port,
			     record->serial);
	else
		note_failure(outcome->store, record, fetched);
	return true;
}
