// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jobstep.h"
#include "log.h"
#include "outcome.h"
#include "publish.h"
#include "reply.h"
#include "sentence.h"
#include "text.h"
#include "timer.h"
#include "useragent.h"
#include "uxmcd.h"

#define REPORT_INTERVAL	250
#define REPORT_MARGIN	10000
#define PAUSE_MAX	300000
#define COPY_SIZE	(1024UL * 1024UL)

void jobstep_blame(struct job *job, int error, const char *format, ...)
{
	va_list args;

	job->error = error;
	va_start(args, format);
	vsnprintf(job->message, sizeof(job->message), format, args);
	va_end(args);
}

static struct module *module_of(const struct uxmcd *daemon)
{
	const struct journal *record = &daemon->job.record;

	return modules_find_at(&daemon->modules, record->port, record->serial);
}

/* The module as it is at this moment: events of it may be on their way still. */
static int look_again(struct uxmcd *daemon, struct module *module)
{
	struct module now;
	int ret;

	ret = netlink_get(&daemon->netlink, module->id, &now);
	if (!ret)
		*module = now;
	return ret;
}

static int no_module(struct job *job)
{
	jobstep_blame(job, ENODEV, "the module was unplugged");
	return -ENODEV;
}

/* The driver refused a request. */
static int blame_driver(struct uxmcd *daemon, int ret)
{
	const char *refusal = daemon->netlink.refusal;

	jobstep_blame(&daemon->job, -ret, "%s",
		      *refusal ? refusal : strerror(-ret));
	return ret;
}

static bool has_my_request(const struct uxmcd *daemon,
			   const struct module *module)
{
	return (module->state == UXMC_STATE_REQUESTED ||
		module->state == UXMC_STATE_FETCHING) &&
	       !strcmp(module->url, daemon->job.record.url);
}

/* The driver knew of it, and does not any more: cancelled, or unplugged. */
static int request_is_gone(struct job *job, const struct module *module)
{
	if (module->state == UXMC_STATE_FAILED)
		jobstep_blame(job, (int)module->error, "%s", module->message);
	else
		jobstep_blame(job, JOB_ABANDONED,
			      "another update has taken its place");
	return -job->error;
}

/*
 * Makes the driver know of the update, if it was not asked for by the driver;
 * but once only, so that one that is cancelled remains so.
 */
static int announce(struct uxmcd *daemon)
{
	struct job *job = &daemon->job;
	struct module *module = module_of(daemon);
	bool known = job->record.announced;
	int ret;

	if (!module || look_again(daemon, module))
		return no_module(job);
	if (!has_my_request(daemon, module)) {
		if (known)
			return request_is_gone(job, module);
		ret = netlink_request(&daemon->netlink, module->id,
				      job->record.url);
		if (ret)
			return blame_driver(daemon, ret);
		if (look_again(daemon, module))
			return no_module(job);
	}
	job->record.announced = 1;
	ret = known ? 0 : journal_write(&job->record, daemon->state.dir);
	if (ret)
		jobstep_no_journal(daemon, ret);
	return ret;
}

static void read_boot(char *boot, size_t size)
{
	ssize_t count = -1;
	int fd;

	fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		count = read(fd, boot, size - 1);
		close(fd);
	}
	boot[count > 0 ? count : 0] = '\0';
	boot[strcspn(boot, "\n")] = '\0';
}

/* The part of an earlier boot may have holes where the power cut was. */
static bool part_is_sound(const struct journal *record, const char *boot)
{
	return *boot && !strcmp(record->boot, boot) && record->size &&
	       (*record->etag || *record->modified);
}

static int open_image(struct uxmcd *daemon)
{
	struct job *job = &daemon->job;
	struct journal *record = &job->record;
	char boot[sizeof(record->boot)];
	int ret = -ENOENT;

	if (job->image.fd >= 0)
		return 0;
	read_boot(boot, sizeof(boot));
	if (part_is_sound(record, boot))
		ret = image_reopen(&job->image, daemon->state.firmware,
				   record->name);
	if (ret == -ENOENT)
		ret = image_create(&job->image, daemon->state.firmware,
				   record->name);
	text_copy(record->boot, sizeof(record->boot), boot);
	if (ret)
		jobstep_blame(job, -ret, "the image cannot be stored in %s: %s",
			      daemon->config.state_dir, strerror(-ret));
	return ret;
}

static int start_fetch(struct uxmcd *daemon)
{
	struct job *job = &daemon->job;
	char user_agent[USERAGENT_MAX + 1] = "";
	char url[URL_MAX + 1];
	struct fetch_source source = {
		.url = url,
		.user_agent = user_agent,
		.size = job->record.size,
		.etag = job->record.etag,
		.modified = job->record.modified,
	};
	int ret;

	useragent_make(&daemon->config, daemon->modules.count, user_agent,
		       sizeof(user_agent));
	ret = url_expand(job->record.url, daemon->config.phone_mac, url,
			 sizeof(url));
	if (!ret)
		ret = fetch_start(&daemon->fetch, &source, &job->image);
	if (ret)
		jobstep_blame(job, -ret, "the fetch cannot be started: %s",
			      strerror(-ret));
	return ret;
}

int jobstep_fetch(struct uxmcd *daemon)
{
	struct job *job = &daemon->job;
	int ret;

	job->tries++;
	job->reported = 0;
	ret = announce(daemon);
	if (!ret)
		ret = open_image(daemon);
	if (!ret)
		ret = start_fetch(daemon);
	if (!ret)
		ret = jobstep_report(daemon, 0);
	if (!ret)
		timer_start(job->timer, transfer_patience(&daemon->fetch.transfer));
	return ret;
}

static int check_source(struct uxmcd *daemon)
{
	struct job *job = &daemon->job;
	uint64_t max = daemon->config.image_size_max;
	struct stat stat;

	if (fstat(job->source, &stat) || !S_ISREG(stat.st_mode)) {
		jobstep_blame(job, EINVAL, "it is not a regular file");
		return -EINVAL;
	}
	job->record.size = (uint64_t)stat.st_size;
	if (!job->record.size) {
		jobstep_blame(job, ENODATA, "the file is empty");
		return -ENODATA;
	}
	if (job->record.size > max) {
		jobstep_blame(job, EFBIG, SENTENCE_TOO_LARGE("file"),
			      job->record.size, max);
		return -EFBIG;
	}
	return 0;
}

static int check_room(struct uxmcd *daemon)
{
	struct job *job = &daemon->job;
	uint64_t room;

	if (image_room(&job->image, &room) || room >= job->record.size)
		return 0;
	jobstep_blame(job, ENOSPC, SENTENCE_NO_ROOM, daemon->config.state_dir,
		      job->record.size, room);
	return -ENOSPC;
}

int jobstep_copy(struct uxmcd *daemon)
{
	int ret;

	daemon->job.reported = 0;
	ret = announce(daemon);
	if (!ret)
		ret = check_source(daemon);
	if (!ret)
		ret = open_image(daemon);
	if (!ret)
		ret = check_room(daemon);
	if (!ret)
		ret = jobstep_report(daemon, 0);
	return ret;
}

int jobstep_copy_more(struct uxmcd *daemon)
{
	struct job *job = &daemon->job;
	uint64_t left = job->record.size - job->image.size;
	ssize_t count;

	count = image_copy(&job->image, job->source,
			   left < COPY_SIZE ? left : COPY_SIZE);
	if (count < 0) {
		jobstep_blame(job, (int)-count, "the file cannot be copied: %s",
			      strerror((int)-count));
		return (int)count;
	}
	if (!count) {
		jobstep_blame(job, EIO, "the file became shorter meanwhile");
		return -EIO;
	}
	return job->image.size < job->record.size ? -EAGAIN : 0;
}

/* Doubles with each try, but not beyond what the driver waits for a report. */
static uint64_t pause_length(const struct uxmcd *daemon)
{
	unsigned int doubled = daemon->job.tries - 1;
	uint64_t length = daemon->config.retry_delay <<
			  (doubled < 6 ? doubled : 6);

	return length < PAUSE_MAX ? length : PAUSE_MAX;
}

void jobstep_pause(struct uxmcd *daemon)
{
	uint64_t delay = pause_length(daemon);

	daemon->job.reported = 0;
	jobstep_report(daemon, delay);
	timer_start(daemon->job.timer, delay);
}

int jobstep_flash(struct uxmcd *daemon)
{
	struct job *job = &daemon->job;
	struct module *module = module_of(daemon);
	int ret;

	if (!module)
		return no_module(job);
	if (module_is_flashing(module) &&
	    !strcmp(module->file, job->record.name))
		return 0;
	ret = announce(daemon);
	if (ret)
		return ret;
	ret = netlink_flash(&daemon->netlink, module->id, job->record.name,
			    job->record.expect);
	if (ret)
		return blame_driver(daemon, ret);
	/* From here on events tell; one that has gone will be told of, too. */
	look_again(daemon, module);
	return 0;
}

void jobstep_done(struct uxmcd *daemon)
{
	struct job *job = &daemon->job;
	const struct journal *record = &job->record;
	int ret = 0;

	/* First, as it may be what the disk is full of. */
	image_remove(daemon->state.firmware, record->name);
	if (!record->file)
		ret = publish_updated(daemon, record);
	if (ret)
		log_error("firmware_uxm cannot be stored: %s", strerror(-ret));
	log_info("the module at %s has been updated to %s", record->port,
		 record->expect);
	outcome_done(daemon);
	control_finished(&daemon->control, REPLY_OK, "done", "updated to %s",
			 record->expect);
}

void jobstep_failed(struct uxmcd *daemon)
{
	struct job *job = &daemon->job;
	struct module *module = module_of(daemon);
	bool cancelled = job_was_cancelled(job);
	bool fetched = jobstep_has_image(daemon);

	jobstep_stop(daemon);
	if (module && !look_again(daemon, module) &&
	    has_my_request(daemon, module))
		netlink_report_failed(&daemon->netlink, module->id,
				      job->message, job->error);
	image_remove(daemon->state.firmware, job->record.name);
	log_warning("the update of the module at %s to %s failed: %s",
		    job->record.port, job->record.expect, job->message);
	outcome_failed(daemon, fetched);
	control_finished(&daemon->control,
			 cancelled ? REPLY_CANCELLED : REPLY_FAILED,
			 cancelled ? "cancelled" : "failed", "%s",
			 job->message);
}

void jobstep_forget(struct uxmcd *daemon)
{
	struct job *job = &daemon->job;

	jobstep_stop(daemon);
	memset(&job->record, 0, sizeof(job->record));
	job->tries = 0;
}

enum job_state jobstep_no_journal(struct uxmcd *daemon, int error)
{
	jobstep_blame(&daemon->job, -error, "the journal cannot be written: %s",
		      strerror(-error));
	return JOB_FAILED;
}

int jobstep_note_answer(struct uxmcd *daemon)
{
	struct journal *record = &daemon->job.record;
	struct fetch *fetch = &daemon->fetch;

	if (!fetch->answered)
		return 0;
	fetch->answered = false;
	/* What a partial answer continues is known already. */
	if (fetch->transfer.answer.status != 200)
		return 0;
	record->size = fetch->transfer.size;
	text_copy(record->etag, sizeof(record->etag), fetch->transfer.answer.etag);
	text_copy(record->modified, sizeof(record->modified),
		  fetch->transfer.answer.modified);
	return journal_write(record, daemon->state.dir);
}

int jobstep_keep_image(struct uxmcd *daemon)
{
	struct job *job = &daemon->job;
	int ret;

	job->record.size = job->image.size;
	ret = image_finish(&job->image);
	if (ret)
		jobstep_blame(job, -ret, "the image cannot be stored: %s",
			      strerror(-ret));
	return ret;
}

bool jobstep_has_image(struct uxmcd *daemon)
{
	const struct journal *record = &daemon->job.record;
	uint64_t size;

	return record->size &&
	       !image_stat(daemon->state.firmware, record->name, &size) &&
	       size == record->size;
}

/*
 * A report was refused: most likely the update was cancelled. Of a module that has
 * gone a notification is on its way, which says more.
 */
static int blame_state(struct uxmcd *daemon, struct module *module, int ret)
{
	int gone;

	blame_driver(daemon, ret);
	gone = look_again(daemon, module);
	if (gone == -ENODEV)
		return 0;
	if (!gone && module->state == UXMC_STATE_FAILED)
		jobstep_blame(&daemon->job, (int)module->error, "%s",
			      module->message);
	return ret;
}

int jobstep_report(struct uxmcd *daemon, uint64_t delay)
{
	struct job *job = &daemon->job;
	const struct config *config = &daemon->config;
	struct module *module = module_of(daemon);
	uint64_t now = timer_now();
	int ret;

	if (job->reported && now - job->reported < REPORT_INTERVAL)
		return 0;
	if (!module)
		return no_module(job);
	job->reported = now;
	ret = netlink_report_fetching(&daemon->netlink, module->id,
				      job->image.size, job->record.size,
				      (uint32_t)(config->connect_timeout +
						 config->stall_timeout + delay +
						 REPORT_MARGIN));
	return ret ? blame_state(daemon, module, ret) : 0;
}

void jobstep_stop(struct uxmcd *daemon)
{
	struct job *job = &daemon->job;

	transfer_stop(&daemon->fetch.transfer);
	image_close(&job->image);
	job->image.size = 0;
	if (job->source >= 0)
		close(job->source);
	job->source = -1;
}

void jobstep_sweep(struct uxmcd *daemon, const char *keep)
{
	int count = image_sweep(daemon->state.firmware, keep);

	if (count > 0)
		log_info("removed %d image(s) that an earlier update had left",
			 count);
}
