/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pages: each fills in the answer to a request for it.
 */
#ifndef UXMC_PAGES_H
#define UXMC_PAGES_H

#include "request.h"

void page_info(struct request *request, struct answer *answer);
void page_update(struct request *request, struct answer *answer);
void page_settings(struct request *request, struct answer *answer);
void page_dummy(struct request *request, struct answer *answer);
void page_status(struct request *request, struct answer *answer);
void page_events(struct request *request, struct answer *answer);
void page_metrics(struct request *request, struct answer *answer);
void page_login(struct request *request, struct answer *answer);
void page_logout(struct request *request, struct answer *answer);

/* In place of a page: the form to log in with; @sentence: what is wrong; NULL: nothing. */
void page_login_form(struct request *request, struct answer *answer,
		     unsigned int status, const char *sentence);

/* In place of a page: uxmcd cannot be asked, with a negative errno. */
void page_no_daemon(struct request *request, struct answer *answer, int error);

#endif
