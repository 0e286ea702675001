/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which files have a place: those that a setting names, and those that files name.
 * Each gives NULL, or a sentence that says why some have none.
 */
#ifndef UXMC_LAYOUT_H
#define UXMC_LAYOUT_H

#include "config.h"
#include "documents.h"

/* The file of that URL; or of a directory the general one and that of the phone. */
const char *layout_first(struct documents *documents, const struct config *config,
			 const char *url, bool directory);

/* Behind the place, those that its file names. */
const char *layout_named(struct documents *documents, const struct config *config,
			 struct place *place);

#endif
