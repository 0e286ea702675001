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

/* A form begins, that is sent to @path. */
void part_form(struct request *request, struct answer *answer, const char *path);

#endif
