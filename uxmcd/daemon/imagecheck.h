/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether what has come can be an image at all: the last look at it before a module
 * is disturbed.
 */
#ifndef UXMC_IMAGECHECK_H
#define UXMC_IMAGECHECK_H

#include "config.h"
#include "failure.h"
#include "image.h"
#include "journal.h"

/*
 * All of it is there. Part of it came with an answer of its own, from the byte
 * @resumed on; 0: it came as a whole. -errno, and the failure has been noted.
 */
int imagecheck(const struct image *image, uint64_t resumed,
	       const struct config *config, const struct journal *record,
	       struct failure *failure);

/* Is what came from that byte on a web page? */
bool imagecheck_is_page(const struct image *image, uint64_t from);

#endif
