/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps of the job: what is done in each of its states. None of them changes
 * the state. Where one can fail it gives -errno, and has noted the blame.
 */
#ifndef UXMC_JOBSTEP_H
#define UXMC_JOBSTEP_H

#include <stdbool.h>

#include "job.h"

/* Notes why the job fails. */
void jobstep_blame(struct job *job, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* On entering a state. */
int jobstep_copy(struct uxmcd *daemon);
int jobstep_fetch(struct uxmcd *daemon);
void jobstep_pause(struct uxmcd *daemon);
int jobstep_flash(struct uxmcd *daemon);
void jobstep_done(struct uxmcd *daemon);
void jobstep_failed(struct uxmcd *daemon);
void jobstep_forget(struct uxmcd *daemon);

/* Notes that the journal could not be written; JOB_FAILED. */
enum job_state jobstep_no_journal(struct uxmcd *daemon, int error);

/* Copies a piece: -EAGAIN if there is more. */
int jobstep_copy_more(struct uxmcd *daemon);

/* Puts into the journal what the server said about the image, if it is new. */
int jobstep_note_answer(struct uxmcd *daemon);

/* The part is whole. */
int jobstep_keep_image(struct uxmcd *daemon);

/* Is the whole image there, as the journal says? */
bool jobstep_has_image(struct uxmcd *daemon);

/*
 * Tells the driver how far it is, if that is due, and that it will hear again
 * @delay milliseconds later than usual.
 */
int jobstep_report(struct uxmcd *daemon, uint64_t delay);

/* Ends what runs; what is stored stays. */
void jobstep_stop(struct uxmcd *daemon);

/* Removes what earlier jobs have left. */
void jobstep_sweep(struct uxmcd *daemon, const char *keep);

#endif
