/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a fetch ended, and the sentence that says why.
 */
#ifndef UXMC_VERDICT_H
#define UXMC_VERDICT_H

#include "url.h"

#define VERDICT_SENTENCE_SIZE	256

enum verdict_result {
	VERDICT_RUNNING,
	VERDICT_COMPLETE,
	VERDICT_BROKEN,		/* another try may go better */
	VERDICT_FAILED,		/* another try would not */
};

/**
 * struct verdict - see above
 * @host: that it is about
 * @error: positive errno of what ended it; 0 if complete
 * @sentence: says why
 */
struct verdict {
	char host[URL_HOST_MAX + 1];
	enum verdict_result result;
	int error;
	char sentence[VERDICT_SENTENCE_SIZE];
};

/* A fetch begins. */
void verdict_open(struct verdict *verdict, const char *url);

/* Notes how it ended; the first reason is the one that counts. */
void verdict_note(struct verdict *verdict, enum verdict_result result, int error,
		  const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
