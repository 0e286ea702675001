// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <time.h>

#include "history.h"
#include "log.h"
#include "outcome.h"
#include "random.h"
#include "text.h"
#include "timer.h"
#include "uxmcd.h"

#define CLOCK_NOT_SET	1577836800	/* it is before 2020 */

/* A phone without a battery begins its time in 1970; 0: not known. */
static uint64_t wall_clock(void)
{
	time_t now = time(NULL);

	return now < CLOCK_NOT_SET ? 0 : (uint64_t)now;
}

static void remember(struct uxmcd *daemon, enum history_result result,
		     const char *message)
{
	const struct job *job = &daemon->job;
	const struct journal *record = &job->record;
	struct history_entry entry = {
		.when = wall_clock(),
		.seconds = (timer_now() - job->began + 500) / 1000,
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
	ret = history_add(daemon->state.dir, &entry);
	if (ret < 0)
		log_warning("the update is not in the log of updates: %s",
			    strerror(-ret));
	else if (ret)
		log_error("the log of updates was damaged: %s",
			  "it is kept as history.damaged, and begins anew");
}

void outcome_done(struct uxmcd *daemon)
{
	const struct journal *record = &daemon->job.record;

	remember(daemon, HISTORY_DONE, "");
	attempts_succeeded(&daemon->attempts, record->url, record->port,
			   record->serial);
	if (record->provisioned && daemon->config.chain)
		look_begin(daemon, LOOK_AT_RULES,
			   "the next module of the chain");
}

/* A fetch that fails would fail for every module. */
static void note_failure(struct uxmcd *daemon, bool fetched)
{
	const struct journal *record = &daemon->job.record;

	attempts_failed(&daemon->attempts, record->url,
			fetched ? record->port : "",
			fetched ? record->serial : "", timer_now(),
			settings_interval(&daemon->settings), random_bits());
}

void outcome_failed(struct uxmcd *daemon, bool fetched)
{
	const struct job *job = &daemon->job;
	const struct journal *record = &job->record;

	remember(daemon, job_was_cancelled(job) ? HISTORY_CANCELLED : HISTORY_FAILED,
		 job->message);
	/* One that was unplugged is looked at when it is plugged in again. */
	if (!record->provisioned || job->error == ENODEV ||
	    job->error == JOB_ABANDONED)
		return;
	if (job->error == ECANCELED)
		offer_deny(daemon, record->url, record->port, record->serial);
	else
		note_failure(daemon, fetched);
	look_begin(daemon, LOOK_AT_RULES, "the update failed");
}
