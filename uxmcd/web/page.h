/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all pages have around what is on them.
 */
#ifndef UXMC_PAGE_H
#define UXMC_PAGE_H

#include "request.h"
#include "view.h"

/**
 * struct page - how one begins
 * @title: of it
 * @refresh: without script, it is to be asked for again after so many seconds; 0: no
 * @renew: with script, too: no event says when there is something new
 * @view: what is on it, if the script is to keep that up to date; NULL: it is not
 */
struct page {
	enum word title;
	unsigned int refresh;
	bool renew;
	const struct view *view;
};

void page_begin(struct request *request, struct answer *answer,
		const struct page *page);
void page_end(struct request *request, struct answer *answer);

/* What is between these two is replaced as a whole when it has changed. */
void page_part(struct answer *answer, const char *name);
void page_part_end(struct answer *answer);

/* A heading of a section. */
void page_heading(struct request *request, struct answer *answer, enum word heading);

/* A row of a table of facts. */
void page_fact(struct request *request, struct answer *answer, enum word name,
	       const char *value);

/* A page of one paragraph: a refusal, an error. */
void page_say(struct request *request, struct answer *answer, unsigned int status,
	      enum word title, enum word sentence);

#endif
