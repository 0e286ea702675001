/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why an update failed.
 */
#ifndef UXMC_FAILURE_H
#define UXMC_FAILURE_H

#include <errno.h>
#include <stdbool.h>

#include "module.h"

/* The error of an update that was given up for another one. */
#define FAILURE_ABANDONED	ESTALE

/**
 * struct failure - see above
 * @error: positive errno; ECANCELED if a person gave the update up
 * @message: the sentence
 */
struct failure {
	int error;
	char message[UXMC_MESSAGE_MAX + 1];
};

/* Gives -errno; @error may be of either sign. */
int failure_note(struct failure *failure, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same for some that are found in more than one place. */
int failure_no_module(struct failure *failure);
int failure_no_journal(struct failure *failure, int error);
int failure_abandoned(struct failure *failure);

/* Was it given up, for whichever reason? */
bool failure_was_wanted(const struct failure *failure);

#endif
