/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who asks: uxmcd says it of a session's name and of a password.
 */
#ifndef UXMC_IDENTIFY_H
#define UXMC_IDENTIFY_H

#include "request.h"

/* Fills in the request's visitor. */
void visitor_identify(struct request *request);

/* There are forms on the page: see to it that there is a token for them. */
void visitor_need_token(struct request *request);

/* Logs in: VISITOR_PERSON, or why not. */
enum visitor_kind visitor_login(struct request *request, const char *user,
				const char *password);
void visitor_logout(struct request *request);

#endif
