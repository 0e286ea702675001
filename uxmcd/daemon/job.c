// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "job.h"
#include "jobstep.h"
#include "log.h"
#include "resume.h"
#include "text.h"
#include "timer.h"
#include "uxmcd.h"

#define RESUMED_MAX	3

static const char * const state_names[] = {
	[JOB_NONE]	= "none",
	[JOB_WAIT]	= "wait",
	[JOB_COPY]	= "copy",
	[JOB_FETCH]	= "fetch",
	[JOB_PAUSE]	= "pause",
	[JOB_FLASH]	= "flash",
	[JOB_DONE]	= "done",
	[JOB_FAILED]	= "failed",
};

/* The journal first, then the deed. */
static int write_journal(struct uxmcd *daemon, enum job_state state)
{
	struct journal *record = &daemon->job.record;

	switch (state) {
	case JOB_NONE:
		return journal_clear(daemon->state.dir);
	case JOB_WAIT:
		return 0;
	case JOB_COPY:
		record->step = JOURNAL_COPY;
		break;
	case JOB_FETCH:
	case JOB_PAUSE:
		record->step = JOURNAL_FETCH;
		break;
	case JOB_FLASH:
		record->step = JOURNAL_FLASH;
		break;
	case JOB_DONE:
		record->step = JOURNAL_DONE;
		break;
	case JOB_FAILED:
		record->step = JOURNAL_FAILED;
		break;
	}
	return journal_write(record, daemon->state.dir);
}

/* Without a journal nothing is begun, but what was begun is brought to its end. */
static int write_journal_or_say(struct uxmcd *daemon, enum job_state state)
{
	int ret = write_journal(daemon, state);

	if (!ret)
		return 0;
	log_error("the journal in %s cannot be written: %s",
		  daemon->config.state_dir, strerror(-ret));
	return state == JOB_NONE || state == JOB_DONE || state == JOB_FAILED ?
	       0 : ret;
}

/* Takes the step, and says what comes next: the same state if that is open yet. */
static enum job_state act(struct uxmcd *daemon, enum job_state state)
{
	switch (state) {
	case JOB_NONE:
		jobstep_forget(daemon);
		return JOB_NONE;
	case JOB_WAIT:
		return JOB_WAIT;
	case JOB_COPY:
		return jobstep_copy(daemon) ? JOB_FAILED : JOB_COPY;
	case JOB_FETCH:
		return jobstep_fetch(daemon) ? JOB_FAILED : JOB_FETCH;
	case JOB_PAUSE:
		jobstep_pause(daemon);
		return JOB_PAUSE;
	case JOB_FLASH:
		return jobstep_flash(daemon) ? JOB_FAILED : JOB_FLASH;
	case JOB_DONE:
		jobstep_done(daemon);
		return JOB_NONE;
	case JOB_FAILED:
		jobstep_failed(daemon);
		return JOB_NONE;
	}
	return JOB_NONE;
}

/* The one place where the state changes. */
static void job_enter(struct uxmcd *daemon, enum job_state next)
{
	struct job *job = &daemon->job;
	int ret;

	do {
		log_info("update %s: %s -> %s", job->record.name,
			 state_names[job->state], state_names[next]);
		job->state = next;
		timer_stop(job->timer);
		ret = write_journal_or_say(daemon, next);
		if (ret)
			next = jobstep_no_journal(daemon, ret);
		else
			next = act(daemon, next);
	} while (next != job->state);
}

static void job_fail(struct uxmcd *daemon, int error, const char *message)
{
	jobstep_blame(&daemon->job, error, "%s", message);
	job_enter(daemon, JOB_FAILED);
}

static void fill_in(struct job *job, const struct module *module,
		    const struct rules_decision *decision, const char *url)
{
	struct journal *record = &job->record;

	memset(record, 0, sizeof(*record));
	text_copy(record->url, sizeof(record->url), url);
	text_copy(record->name, sizeof(record->name), decision->name);
	text_copy(record->expect, sizeof(record->expect),
		  decision->image.version);
	text_copy(record->from, sizeof(record->from), module->version);
	text_copy(record->port, sizeof(record->port), module->port);
	text_copy(record->serial, sizeof(record->serial), module->serial);
	job->began = timer_now();
	log_info("uxmc%u: updating the %s at %s from %s to %s", module->id,
		 module->model, module->port,
		 *module->version ? module->version : "no version",
		 record->expect);
}

void job_begin(struct uxmcd *daemon, const struct module *module,
	       const struct rules_decision *decision, const char *url,
	       int source)
{
	struct job *job = &daemon->job;

	fill_in(job, module, decision, url);
	job->record.file = source >= 0;
	job->source = source;
	job_enter(daemon, job->record.file ? JOB_COPY : JOB_FETCH);
}

void job_begin_provisioned(struct uxmcd *daemon, const struct module *module,
			   const struct rules_decision *decision,
			   const char *url)
{
	fill_in(&daemon->job, module, decision, url);
	daemon->job.record.provisioned = 1;
	job_enter(daemon, JOB_FETCH);
}

void job_take_up(struct uxmcd *daemon)
{
	struct job *job = &daemon->job;
	int ret;

	ret = journal_load(&job->record, daemon->state.dir);
	if (ret && ret != -ENOENT)
		log_error("the journal cannot be read: %s; it is kept as journal.damaged",
			  strerror(-ret));
	if (ret)
		return;

	job->began = timer_now();
	log_info("the update to %s of the module at %s was not finished",
		 job->record.expect, job->record.port);
	switch (job->record.step) {
	case JOURNAL_COPY:
	case JOURNAL_FETCH:
	case JOURNAL_FLASH:
		job_enter(daemon, JOB_WAIT);
		break;
	case JOURNAL_DONE:
		job_enter(daemon, JOB_DONE);
		break;
	case JOURNAL_FAILED:
		job_fail(daemon, EINTR, "uxmcd was interrupted");
		break;
	}
}

void job_sweep(struct uxmcd *daemon)
{
	size_t i;

	/* An image that is being flashed belongs to somebody, if not to a job. */
	for (i = 0; i < daemon->modules.count; i++)
		if (module_is_flashing(&daemon->modules.list[i]))
			return;
	jobstep_sweep(daemon, daemon->job.state == JOB_NONE ?
		      NULL : daemon->job.record.name);
}

/* The step to take again, after a crash or a power cut. */
static void go_on(struct uxmcd *daemon)
{
	struct journal *record = &daemon->job.record;

	if (record->resumed >= RESUMED_MAX) {
		job_fail(daemon, ELOOP,
			 "given up: it was interrupted too often");
		return;
	}
	record->resumed++;
	record->announced = 0;
	if (jobstep_has_image(daemon))
		job_enter(daemon, JOB_FLASH);
	else if (record->file)
		job_fail(daemon, EINTR,
			 "interrupted before the file was copied: give it again");
	else
		job_enter(daemon, JOB_FETCH);
}

/* Another one on the same port, where neither has a serial number */
static bool is_for_model(const struct journal *record,
			 const struct module *module)
{
	struct imagename image;

	return !imagename_parse(record->name, &image) &&
	       !strcmp(image.model, module->model);
}

static void resume(struct uxmcd *daemon, const struct module *module)
{
	if (!is_for_model(&daemon->job.record, module)) {
		job_abandon(daemon,
			    "another model is in the place of the module");
		return;
	}
	switch (resume_decide(&daemon->job.record, module)) {
	case RESUME_FOLLOW:
		job_enter(daemon, JOB_FLASH);
		return;
	case RESUME_FINISH:
		job_enter(daemon, JOB_DONE);
		return;
	case RESUME_FAIL:
		job_fail(daemon, (int)module->error, module->message);
		return;
	case RESUME_AGAIN:
		go_on(daemon);
		return;
	case RESUME_DROP:
		job_abandon(daemon, "another update has taken its place");
		return;
	}
}

/* While it is uxmcd's turn the module stays in requested and fetching. */
static void watch_request(struct uxmcd *daemon, const struct module *module)
{
	switch (module->state) {
	case UXMC_STATE_REQUESTED:
	case UXMC_STATE_FETCHING:
		if (strcmp(module->url, daemon->job.record.url))
			job_abandon(daemon,
				    "another update has taken its place");
		return;
	case UXMC_STATE_FAILED:
		job_fail(daemon, (int)module->error, module->message);
		return;
	case UXMC_STATE_IDLE:
	case UXMC_STATE_VERIFYING:
	case UXMC_STATE_DETACHING:
	case UXMC_STATE_DOWNLOADING:
	case UXMC_STATE_MANIFESTING:
	case UXMC_STATE_REBOOTING:
	case UXMC_STATE_DONE:
		job_abandon(daemon, "another update has taken its place");
		return;
	}
}

static void watch_flashing(struct uxmcd *daemon, const struct module *module)
{
	switch (module->state) {
	case UXMC_STATE_VERIFYING:
	case UXMC_STATE_DETACHING:
	case UXMC_STATE_DOWNLOADING:
	case UXMC_STATE_MANIFESTING:
	case UXMC_STATE_REBOOTING:
		return;
	case UXMC_STATE_DONE:
		job_enter(daemon, JOB_DONE);
		return;
	case UXMC_STATE_FAILED:
		job_fail(daemon, (int)module->error, module->message);
		return;
	case UXMC_STATE_IDLE:
	case UXMC_STATE_REQUESTED:
	case UXMC_STATE_FETCHING:
		/* The next request may have come before its end was seen. */
		if (resume_runs_new_version(&daemon->job.record, module))
			job_enter(daemon, JOB_DONE);
		else
			job_abandon(daemon,
				    "another update has taken its place");
		return;
	}
}

static bool is_mine(const struct uxmcd *daemon, const struct module *module)
{
	const struct journal *record = &daemon->job.record;

	return module_is_at(module, record->port, record->serial);
}

void job_module_changed(struct uxmcd *daemon, const struct module *module)
{
	if (daemon->job.state == JOB_NONE || !is_mine(daemon, module))
		return;

	switch (daemon->job.state) {
	case JOB_WAIT:
		resume(daemon, module);
		return;
	case JOB_COPY:
	case JOB_FETCH:
	case JOB_PAUSE:
		watch_request(daemon, module);
		return;
	case JOB_FLASH:
		watch_flashing(daemon, module);
		return;
	case JOB_NONE:
	case JOB_DONE:
	case JOB_FAILED:
		return;
	}
}

void job_module_removed(struct uxmcd *daemon, const struct module *module)
{
	if (!job_is_active(&daemon->job) || !is_mine(daemon, module))
		return;
	job_fail(daemon, ENODEV, "the module was unplugged");
}

void job_driver_went(struct uxmcd *daemon)
{
	struct job *job = &daemon->job;

	if (!job_is_active(job))
		return;
	if (job->state == JOB_COPY) {
		job_fail(daemon, ENODEV, "the driver was unloaded");
		return;
	}
	jobstep_stop(daemon);
	job_enter(daemon, JOB_WAIT);
}

static void take_fetched(struct uxmcd *daemon, enum transfer_result result)
{
	struct job *job = &daemon->job;

	switch (result) {
	case TRANSFER_RUNNING:
		return;
	case TRANSFER_COMPLETE:
		job_enter(daemon, jobstep_keep_image(daemon) ? JOB_FAILED :
							       JOB_FLASH);
		return;
	case TRANSFER_BROKEN:
		if (job->tries < daemon->config.retries) {
			log_warning("try %u of %llu: %s", job->tries,
				    (unsigned long long)daemon->config.retries,
				    daemon->fetch.transfer.verdict.sentence);
			job_enter(daemon, JOB_PAUSE);
			return;
		}
		job_fail(daemon, daemon->fetch.transfer.verdict.error, daemon->fetch.transfer.verdict.sentence);
		return;
	case TRANSFER_FAILED:
		job_fail(daemon, daemon->fetch.transfer.verdict.error, daemon->fetch.transfer.verdict.sentence);
		return;
	}
}

void job_timer(struct uxmcd *daemon)
{
	struct job *job = &daemon->job;
	uint64_t patience;

	if (job->state == JOB_PAUSE) {
		job_enter(daemon, JOB_FETCH);
		return;
	}
	if (job->state != JOB_FETCH)
		return;
	patience = transfer_patience(&daemon->fetch.transfer);
	if (patience) {
		timer_start(job->timer, patience);
		return;
	}
	transfer_give_up(&daemon->fetch.transfer);
	take_fetched(daemon, daemon->fetch.transfer.verdict.result);
}

static void step_fetch(struct uxmcd *daemon)
{
	enum transfer_result result = transfer_look(&daemon->fetch.transfer);
	int ret;

	ret = jobstep_note_answer(daemon);
	if (ret)
		job_enter(daemon, jobstep_no_journal(daemon, ret));
	else if (result != TRANSFER_RUNNING)
		take_fetched(daemon, result);
	else if (jobstep_report(daemon, 0))
		job_enter(daemon, JOB_FAILED);
}

static void step_copy(struct uxmcd *daemon)
{
	int ret = jobstep_copy_more(daemon);

	if (ret == -EAGAIN) {
		if (jobstep_report(daemon, 0))
			job_enter(daemon, JOB_FAILED);
		return;
	}
	if (!ret)
		ret = jobstep_keep_image(daemon);
	job_enter(daemon, ret ? JOB_FAILED : JOB_FLASH);
}

void job_step(struct uxmcd *daemon)
{
	if (daemon->job.state == JOB_FETCH)
		step_fetch(daemon);
	else if (daemon->job.state == JOB_COPY)
		step_copy(daemon);
}

bool job_is_eager(const struct job *job)
{
	return job->state == JOB_COPY;
}

bool job_is_active(const struct job *job)
{
	return job->state != JOB_NONE && job->state != JOB_WAIT;
}

bool job_was_cancelled(const struct job *job)
{
	return job->error == ECANCELED || job->error == JOB_ABANDONED;
}

void job_abandon(struct uxmcd *daemon, const char *why)
{
	job_fail(daemon, JOB_ABANDONED, why);
}

void job_cancel(struct uxmcd *daemon)
{
	job_fail(daemon, ECANCELED, "cancelled");
}

int job_open(struct job *job)
{
	memset(job, 0, sizeof(*job));
	job->image.fd = -1;
	job->source = -1;
	job->timer = timer_open();
	return job->timer < 0 ? job->timer : 0;
}

void job_close(struct uxmcd *daemon)
{
	jobstep_stop(daemon);
	close(daemon->job.timer);
}
