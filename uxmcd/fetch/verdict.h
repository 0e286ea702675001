/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a transfer ended, and the sentence that says why.
 */
#ifndef UXMC_VERDICT_H
#define UXMC_VERDICT_H

#include <curl/curl.h>
#include <stdint.h>

#include "url.h"

#define TRANSFER_REDIRECTS_MAX	5L

enum transfer_result {
	TRANSFER_RUNNING,
	TRANSFER_COMPLETE,
	TRANSFER_BROKEN,	/* another try may go better */
	TRANSFER_FAILED,	/* another try would not */
};

/**
 * struct verdict - see above
 * @host: that it is about
 * @error: positive errno of what ended it
 * @sentence: says why
 */
struct verdict {
	char host[URL_HOST_MAX + 1];
	enum transfer_result result;
	int error;
	char sentence[256];
};

/* A transfer begins. */
void verdict_open(struct verdict *verdict, const char *url);

/* Notes how the try ended; the first reason is the one that counts. */
void verdict_note(struct verdict *verdict, enum transfer_result result,
		  int error, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The server's answer has a status that brings nothing. */
void verdict_status(struct verdict *verdict, int status);

/* The server's answer has headers without an end. */
void verdict_headers(struct verdict *verdict);

/* Less has come than was announced; @size: 0 if nothing was. */
void verdict_short(struct verdict *verdict, uint64_t have, uint64_t size);

/* It ended with an error of libcurl's, after an answer with that status, if any. */
void verdict_error(struct verdict *verdict, CURLcode code, int status);

#endif
