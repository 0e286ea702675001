/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parts of pages.
 */
#ifndef UXMC_PARTS_H
#define UXMC_PARTS_H

#include "request.h"
#include "updates.h"
#include "view.h"

/* What is missing: the driver, uxmcd, a module; @error: of view_look(). */
void part_trouble(struct request *request, struct answer *answer,
		  const struct view *view, int error);

/* How an update goes, or went; @updates may be NULL. */
void part_progress(struct request *request, struct answer *answer,
		   const struct view *view, const struct updates *updates);

/**
 * struct explanation - rules that were looked at, as uxmcd explains them
 * @list: of what was looked at, HTML; to be given back with markup_clear()
 * @looked: there was a lookup
 * @ago: how long ago that was, in seconds
 * @url: what is provisioned, as it may be shown; empty: nothing is
 * @end: the last packet
 */
struct explanation {
	enum language language;
	struct markup list;
	bool looked;
	uint64_t ago;
	char url[URL_MAX + 1];
	struct ctl_answer end;
};

/* @verb: "may" or "last"; -errno, and then there is nothing in it. */
int explanation_read(struct explanation *explanation, struct request *request,
		     const char *verb);

/* What was looked at, line by line */
void part_steps(struct answer *answer, const struct explanation *explanation);

/* Whether an update would be allowed now, rule by rule */
void part_rules(struct request *request, struct answer *answer);

/* What is provisioned, from where, and what came of it */
void part_provisioning(struct request *request, struct answer *answer,
		       const struct explanation *last);

/* An update that waits for somebody to say yes or no, if one does */
void part_waiting(struct request *request, struct answer *answer,
		  const struct view *view);

/* When an update ended, how, and the versions */
void part_update(struct request *request, struct answer *answer,
		 const struct logline *line);

/* The last updates; @updates may be NULL. */
void part_log(struct request *request, struct answer *answer,
	      const struct updates *updates);

/* A form begins, that is sent to @path. */
void part_form(struct request *request, struct answer *answer, const char *path);

/* The same for a file */
void part_file_form(struct request *request, struct answer *answer, const char *path);

#endif
