/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a transfer ended, and the sentence that says why; for those who do it.
 */
#ifndef UXMC_VERDICT_H
#define UXMC_VERDICT_H

#include "transfer.h"

/* Notes how the try ended; the first reason is the one that counts. */
void verdict(struct transfer *transfer, enum transfer_result result, int error,
	     const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The server's answer has a status that brings nothing. */
void verdict_status(struct transfer *transfer);

/* The server's answer has a head without an end. */
void verdict_head(struct transfer *transfer);

/* Less has come than was announced. */
void verdict_short(struct transfer *transfer);

/* It ended with an error of libcurl's. */
void verdict_error(struct transfer *transfer, CURLcode code);

#endif
