// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "log.h"
#include "resume.h"
#include "text.h"
#include "update.h"

#define RESUMED_MAX	3

/* The journal first, then the deed. */
static int write_journal(struct update *update, enum update_state state)
{
	int dir = update->needs.store->dir;

	if (state == UPDATE_NONE)
		return journal_clear(dir);
	if (!updatestate_step(state, &update->record.step))
		return 0;
	return journal_write(&update->record, dir);
}

/* Without a journal nothing is begun, but what was begun is brought to its end. */
static int write_journal_or_say(struct update *update, enum update_state state)
{
	int ret = write_journal(update, state);

	if (!ret)
		return 0;
	log_error("the journal in %s cannot be written: %s",
		  update->needs.config->state_dir, strerror(-ret));
	if (state == UPDATE_NONE || state == UPDATE_DONE ||
	    state == UPDATE_FAILED)
		return 0;
	return failure_no_journal(&update->failure, ret);
}

static int report(struct update *update)
{
	return claim_report(&update->claim, update->intake.image.size, 0);
}

/* Who sends a file is not waited for longer than a server. */
static void await_file(struct update *update)
{
	loop_start(update->needs.loop, &update->timer,
		   update->needs.config->stall_timeout);
}

static int begin_copy(struct update *update)
{
	int ret;

	ret = claim_announce(&update->claim);
	if (!ret)
		ret = intake_copy(&update->intake, update->signature_size);
	if (!ret)
		ret = report(update);
	await_file(update);
	return ret;
}

static bool is_worth_a_try(const struct update *update,
			   const struct verdict *verdict)
{
	return verdict->result == VERDICT_BROKEN &&
	       update->intake.tries < update->needs.config->retries &&
	       intake_may_wait(&update->intake);
}

/* The try has ended: there is the image, or another try, or no hope. */
static enum update_state after_fetch(struct update *update,
				     const struct verdict *verdict)
{
	if (verdict->result == VERDICT_COMPLETE)
		return UPDATE_CHECK;
	if (is_worth_a_try(update, verdict)) {
		log_warning("try %u of %llu: %s", update->intake.tries,
			    (unsigned long long)update->needs.config->retries,
			    verdict->sentence);
		return UPDATE_PAUSE;
	}
	failure_note(&update->failure, verdict->error, "%s", verdict->sentence);
	return UPDATE_FAILED;
}

static enum update_state begin_fetch(struct update *update)
{
	const struct verdict *verdict;

	update->intake.tries++;
	if (claim_announce(&update->claim) ||
	    intake_fetch(&update->intake,
			 update->needs.driver->modules.count))
		return UPDATE_FAILED;
	verdict = intake_verdict(&update->intake);
	if (verdict->result != VERDICT_RUNNING)
		return after_fetch(update, verdict);
	return report(update) ? UPDATE_FAILED : UPDATE_FETCH;
}

/* One step */
static enum update_state check(struct update *update)
{
	switch (intake_check(&update->intake)) {
	case 0:
		return UPDATE_FLASH;
	case -EAGAIN:
		loop_start(update->needs.loop, &update->timer, 0);
		return UPDATE_CHECK;
	}
	return UPDATE_FAILED;
}

static enum update_state begin_check(struct update *update)
{
	if (claim_announce(&update->claim) || intake_reopen(&update->intake))
		return UPDATE_FAILED;
	return check(update);
}

static void begin_pause(struct update *update)
{
	uint64_t pause = intake_pause(&update->intake);

	claim_report(&update->claim, update->intake.image.size, pause);
	loop_start(update->needs.loop, &update->timer, pause);
}

static void end_well(struct update *update)
{
	/* First, as it may be what the disk is full of. */
	image_remove(update->needs.store->firmware, update->record.name);
	update->ops->done(update->context, update);
}

static void end_badly(struct update *update)
{
	bool fetched = intake_is_whole(&update->intake);

	intake_stop(&update->intake);
	claim_withdraw(&update->claim);
	image_remove(update->needs.store->firmware, update->record.name);
	update->ops->failed(update->context, update, fetched);
}

static void forget(struct update *update)
{
	intake_stop(&update->intake);
	memset(&update->record, 0, sizeof(update->record));
	update->intake.tries = 0;
}

/* Takes the step, and says what comes next: the same state if that is open yet. */
static enum update_state act(struct update *update, enum update_state state)
{
	switch (state) {
	case UPDATE_NONE:
		forget(update);
		return UPDATE_NONE;
	case UPDATE_WAIT:
		return UPDATE_WAIT;
	case UPDATE_COPY:
		return begin_copy(update) ? UPDATE_FAILED : UPDATE_COPY;
	case UPDATE_FETCH:
		return begin_fetch(update);
	case UPDATE_PAUSE:
		begin_pause(update);
		return UPDATE_PAUSE;
	case UPDATE_CHECK:
		return begin_check(update);
	case UPDATE_FLASH:
		return claim_flash(&update->claim) ? UPDATE_FAILED :
						     UPDATE_FLASH;
	case UPDATE_DONE:
		end_well(update);
		return UPDATE_NONE;
	case UPDATE_FAILED:
		end_badly(update);
		return UPDATE_NONE;
	}
	return UPDATE_NONE;
}

/* The one place where the state changes. */
static void enter(struct update *update, enum update_state next)
{
	do {
		log_info("update %s: %s -> %s", update->record.name,
			 updatestate_name(update->state), updatestate_name(next));
		update->state = next;
		loop_cancel(update->needs.loop, &update->timer);
		next = write_journal_or_say(update, next) ?
		       UPDATE_FAILED : act(update, next);
	} while (next != update->state);
}

static void fail(struct update *update, int error, const char *message)
{
	failure_note(&update->failure, error, "%s", message);
	enter(update, UPDATE_FAILED);
}

static void fill_in(struct update *update, const struct module *module,
		    const struct rules_decision *decision,
		    const struct update_request *request)
{
	struct journal *record = &update->record;

	memset(record, 0, sizeof(*record));
	text_copy(record->url, sizeof(record->url), request->url);
	text_copy(record->name, sizeof(record->name), decision->name);
	text_copy(record->expect, sizeof(record->expect),
		  decision->image.version);
	text_copy(record->from, sizeof(record->from), module->version);
	text_copy(record->port, sizeof(record->port), module->port);
	text_copy(record->serial, sizeof(record->serial), module->serial);
	text_copy(record->sha256, sizeof(record->sha256),
		  request->sha256 ? request->sha256 : "");
	record->provisioned = request->provisioned;
	record->file = request->is_file;
	record->size = request->size;
	update->signature_size = request->signature_size;
	update->began = loop_now();
	log_info("uxmc%u: updating the %s at %s from %s to %s", module->id,
		 module->model, module->port,
		 *module->version ? module->version : "no version",
		 record->expect);
}

void update_begin(struct update *update, const struct module *module,
		  const struct rules_decision *decision,
		  const struct update_request *request)
{
	fill_in(update, module, decision, request);
	enter(update, request->is_file ? UPDATE_COPY : UPDATE_FETCH);
}

void update_take_up(struct update *update)
{
	struct journal *record = &update->record;
	int ret;

	ret = journal_load(record, update->needs.store->dir);
	if (ret && ret != -ENOENT)
		log_error("the journal cannot be read: %s; it is kept as journal.damaged",
			  strerror(-ret));
	if (ret)
		return;

	update->began = loop_now();
	log_info("the update to %s of the module at %s was not finished",
		 record->expect, record->port);
	switch (record->step) {
	case JOURNAL_COPY:
	case JOURNAL_FETCH:
	case JOURNAL_FLASH:
		enter(update, UPDATE_WAIT);
		break;
	case JOURNAL_DONE:
		enter(update, UPDATE_DONE);
		break;
	case JOURNAL_FAILED:
		fail(update, EINTR, "uxmcd was interrupted");
		break;
	}
}

void update_sweep(const struct update *update)
{
	const struct modules *modules = &update->needs.driver->modules;
	const char *keep = update->state == UPDATE_NONE ? NULL :
							  update->record.name;
	size_t i;
	int count;

	/* An image that is being flashed belongs to somebody, if not to uxmcd. */
	for (i = 0; i < modules->count; i++)
		if (module_is_flashing(&modules->list[i]))
			return;
	count = image_sweep(update->needs.store->firmware, keep);
	if (count > 0)
		log_info("removed %d image(s) that an earlier update had left",
			 count);
}

/* The step to take again, after a crash or a power cut. */
static void take_again(struct update *update)
{
	struct journal *record = &update->record;

	if (record->resumed >= RESUMED_MAX) {
		fail(update, ELOOP,
		     "given up: it was interrupted too often");
		return;
	}
	record->resumed++;
	record->announced = 0;
	if (intake_is_good(&update->intake))
		enter(update, *record->sha256 ? UPDATE_CHECK : UPDATE_FLASH);
	else if (record->file)
		fail(update, EINTR,
		     "interrupted before the file was copied: give it again");
	else
		enter(update, UPDATE_FETCH);
}

/* What the module is at is the next step, or none. */
static void follow(struct update *update, const struct module *module,
		   enum resume course)
{
	switch (course) {
	case RESUME_FOLLOW:
		if (update->state == UPDATE_WAIT)
			enter(update, UPDATE_FLASH);
		return;
	case RESUME_FINISH:
		enter(update, UPDATE_DONE);
		return;
	case RESUME_FAIL:
		fail(update, (int)module->error, module->message);
		return;
	case RESUME_AGAIN:
		take_again(update);
		return;
	case RESUME_DROP:
		failure_abandoned(&update->failure);
		enter(update, UPDATE_FAILED);
		return;
	}
}

static void resume(struct update *update, const struct module *module)
{
	if (resume_fits(&update->record, module))
		follow(update, module,
		       resume_decide(&update->record, module));
	else
		fail(update, FAILURE_ABANDONED,
		     "another model is in the place of the module");
}

static bool is_mine(const struct update *update, const struct module *module)
{
	return module_is_at(module, update->record.port, update->record.serial);
}

void update_module_changed(struct update *update, const struct module *module)
{
	const struct journal *record = &update->record;

	if (update->state == UPDATE_NONE || !is_mine(update, module))
		return;

	switch (update->state) {
	case UPDATE_WAIT:
		resume(update, module);
		return;
	case UPDATE_COPY:
	case UPDATE_FETCH:
	case UPDATE_PAUSE:
	case UPDATE_CHECK:
		follow(update, module, resume_before_flash(record, module));
		return;
	case UPDATE_FLASH:
		follow(update, module, resume_at_flash(record, module));
		return;
	case UPDATE_NONE:
	case UPDATE_DONE:
	case UPDATE_FAILED:
		return;
	}
}

void update_module_removed(struct update *update, const struct module *module)
{
	if (!update_has(update, module))
		return;
	failure_no_module(&update->failure);
	enter(update, UPDATE_FAILED);
}

void update_driver_unloaded(struct update *update)
{
	if (!update_is_active(update))
		return;
	if (update->state == UPDATE_COPY) {
		fail(update, ENODEV, "the driver was unloaded");
		return;
	}
	intake_stop(&update->intake);
	enter(update, UPDATE_WAIT);
}

static void take_fetched(void *context)
{
	struct update *update = context;
	const struct verdict *verdict = intake_verdict(&update->intake);

	if (intake_note_answer(&update->intake))
		enter(update, UPDATE_FAILED);
	else if (verdict->result != VERDICT_RUNNING)
		enter(update, after_fetch(update, verdict));
	else if (!update->timer.running)
		loop_start(update->needs.loop, &update->timer,
			   claim_report_in(&update->claim));
}

void update_take_file(struct update *update, const char *data, size_t count)
{
	int ret;

	if (update->state != UPDATE_COPY)
		return;
	ret = intake_take(&update->intake, data, count);
	if (ret == -EAGAIN && (claim_report_in(&update->claim) ||
			       !report(update))) {
		await_file(update);
		return;
	}
	enter(update, ret ? UPDATE_FAILED : UPDATE_CHECK);
}

void update_lose_file(struct update *update)
{
	if (update->state == UPDATE_COPY)
		fail(update, EPIPE,
		     "not all of the file has come: whoever sent it has gone");
}

static void go_on_checking(struct update *update)
{
	enum update_state next = check(update);

	if (next == UPDATE_CHECK && !claim_report_in(&update->claim) &&
	    report(update))
		next = UPDATE_FAILED;
	if (next != UPDATE_CHECK)
		enter(update, next);
}

static void take_timer(void *context)
{
	struct update *update = context;

	if (update->state == UPDATE_COPY)
		fail(update, ETIMEDOUT,
		     "no more of the file comes: see stall_timeout in uxmcd.conf");
	else if (update->state == UPDATE_PAUSE)
		enter(update, UPDATE_FETCH);
	else if (update->state == UPDATE_CHECK)
		go_on_checking(update);
	else if (update->state == UPDATE_FETCH && report(update))
		enter(update, UPDATE_FAILED);
}

bool update_is_active(const struct update *update)
{
	return update->state != UPDATE_NONE && update->state != UPDATE_WAIT;
}

bool update_has(const struct update *update, const struct module *module)
{
	return update_is_active(update) && is_mine(update, module);
}

void update_make_way(struct update *update, const char *why)
{
	if (update->state == UPDATE_WAIT)
		fail(update, FAILURE_ABANDONED, why);
}

bool update_cancel(struct update *update)
{
	if (update->state != UPDATE_WAIT)
		return false;
	fail(update, ECANCELED, "cancelled");
	return true;
}

void update_open(struct update *update, const struct update_needs *needs,
		 const struct update_ops *ops, void *context)
{
	memset(update, 0, sizeof(*update));
	update->needs = *needs;
	update->ops = ops;
	update->context = context;
	update->timer.call = take_timer;
	update->timer.context = update;
	update->claim = (struct claim) {
		.config = needs->config,
		.store = needs->store,
		.driver = needs->driver,
		.record = &update->record,
		.failure = &update->failure,
	};
	update->intake = (struct intake) {
		.config = needs->config,
		.store = needs->store,
		.record = &update->record,
		.failure = &update->failure,
		.trust.keys = needs->keys,
		.heard = take_fetched,
		.context = update,
	};
	intake_open(&update->intake, &needs->fetcher);
}

void update_close(struct update *update)
{
	intake_stop(&update->intake);
	loop_cancel(update->needs.loop, &update->timer);
}
