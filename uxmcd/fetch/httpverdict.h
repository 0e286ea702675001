/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verdicts on what a server answered, or failed to answer.
 */
#ifndef UXMC_HTTPVERDICT_H
#define UXMC_HTTPVERDICT_H

#include <curl/curl.h>
#include <stdint.h>

#include "verdict.h"

#define HTTPVERDICT_REDIRECTS_MAX	5L

/* The server's answer has a status that brings nothing. */
void verdict_status(struct verdict *verdict, int status);

/* The server's answer has headers without an end. */
void verdict_headers(struct verdict *verdict);

/* Less has come than was announced; @size: 0 if nothing was. */
void verdict_short(struct verdict *verdict, uint64_t have, uint64_t size);

/* It ended with an error of libcurl's, after an answer with that status, if any. */
void verdict_error(struct verdict *verdict, CURLcode code, int status);

#endif
