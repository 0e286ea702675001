/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The job: the one update that uxmcd has in hand, as a state machine.
 *
 *	none -> fetch or copy -> flash -> done -> none
 *
 * Every state but none may also lead to failed, and so to none. A broken fetch
 * pauses, then fetches again. A job found in the journal waits for its module.
 */
#ifndef UXMC_JOB_H
#define UXMC_JOB_H

#include <errno.h>

#include "image.h"
#include "journal.h"
#include "modules.h"
#include "rules.h"

struct uxmcd;

enum job_state {
	JOB_NONE,
	JOB_WAIT,	/* for the module to be there (again) */
	JOB_COPY,	/* the file that was handed in */
	JOB_FETCH,
	JOB_PAUSE,	/* until the next try */
	JOB_FLASH,	/* the driver is at work */
	JOB_DONE,
	JOB_FAILED,
};

/**
 * struct job - see above
 * @state: changed by job_enter() alone
 * @record: what the journal keeps of it
 * @image: the part, while it is fetched or copied
 * @source: descriptor of the file that is copied; -1 if there is none
 * @timer: of the pause, and of a server's silence
 * @began: when it was begun or taken up (timer_now())
 * @tries: fetches that were begun
 * @reported: when the driver was last told how far it is
 * @error: positive errno of a failure
 * @message: the sentence of a failure
 */
struct job {
	enum job_state state;
	struct journal record;
	struct image image;
	int source;
	int timer;
	uint64_t began;
	unsigned int tries;
	uint64_t reported;
	int error;
	char message[UXMC_MESSAGE_MAX + 1];
};

int job_open(struct job *job);

/* There is none yet: begins one that the rules allow; takes @source over. */
void job_begin(struct uxmcd *daemon, const struct module *module,
	       const struct rules_decision *decision, const char *url,
	       int source);

/* The same for one that no person asked for. */
void job_begin_provisioned(struct uxmcd *daemon, const struct module *module,
			   const struct rules_decision *decision,
			   const char *url);

/* Takes up what the journal holds; to be called once, before all else. */
void job_take_up(struct uxmcd *daemon);

/* Removes what earlier jobs have left; after the modules are known. */
void job_sweep(struct uxmcd *daemon);

/* The module of that number is as it is in the table now, or gone from it. */
void job_module_changed(struct uxmcd *daemon, const struct module *module);
void job_module_removed(struct uxmcd *daemon, const struct module *module);

/* The driver was unloaded. */
void job_driver_went(struct uxmcd *daemon);

/* The timer ran out. */
void job_timer(struct uxmcd *daemon);

/* Does what can be done without waiting: fetching, copying, reporting. */
void job_step(struct uxmcd *daemon);

/* Does it want to be called again without anything to wait for? */
bool job_is_eager(const struct job *job);

/* Is there one that could go on? */
bool job_is_active(const struct job *job);

/* A job's error if it was given up for another one; ECANCELED if by a person. */
#define JOB_ABANDONED	ESTALE

/* Was the one that failed given up, for whichever reason? */
bool job_was_cancelled(const struct job *job);

/* Gives up a job that waits for its module: for another one, or on request. */
void job_abandon(struct uxmcd *daemon, const char *why);
void job_cancel(struct uxmcd *daemon);

/* The daemon is stopping: the journal keeps the job. */
void job_close(struct uxmcd *daemon);

#endif
