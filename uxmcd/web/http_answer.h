/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sends answers, each with the headers that keep others out of our pages.
 */
#ifndef UXMC_HTTP_ANSWER_H
#define UXMC_HTTP_ANSWER_H

#include "request.h"

/* What is plain text, and what other pages have instead */
#define TYPE_PAGE	"text/html; charset=utf-8"
#define TYPE_TEXT	"text/plain; charset=utf-8"
#define TYPE_JSON	"application/json"

/* To be gone to instead, by GET; @path lasts. */
void answer_go(struct answer *answer, const char *path);

/* The browser is to keep that; an empty value: to forget it. */
void answer_cookie(const struct request *request, struct answer *answer,
		   const char *name, const char *value);

/* Sends it, and frees what is in it. */
enum MHD_Result answer_send(struct request *request, struct answer *answer);

#endif
