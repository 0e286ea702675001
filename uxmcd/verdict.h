/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a try to fetch ended, and the sentence that says why; for fetch.c.
 */
#ifndef UXMC_VERDICT_H
#define UXMC_VERDICT_H

#include "fetch.h"

/* Notes how the try ended; the first reason is the one that counts. */
void verdict(struct fetch *fetch, enum fetch_result result, int error,
	     const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The server's answer has a status that brings no image. */
void verdict_status(struct fetch *fetch);

/* The server's answer has a head without an end. */
void verdict_head(struct fetch *fetch);

/* The transfer ended as it should; or with an error of libcurl's. */
void verdict_transfer(struct fetch *fetch);
void verdict_error(struct fetch *fetch, CURLcode code);

#endif
