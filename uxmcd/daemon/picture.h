/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What files say together, and whether that is all there is to know.
 *
 * It is not while
 *
 *	a first file is not good: the one that the setting names; of the two of a
 *	directory one may be missing;
 *	the file that firmware_uxm is from failed at its last look, so that this may be
 *	out of date;
 *	a file that another one names might say anything (document_is_open()).
 *
 * So nothing is flashed on half of what is provisioned; and a file that is of no
 * interest and always fails is not waited for longer than DOCUMENT_PATIENCE. Pure.
 */
#ifndef UXMC_PICTURE_H
#define UXMC_PICTURE_H

#include "documents.h"

/**
 * struct picture - see above; all zero: nothing is said
 * @said: by all of them; of what several say the last
 * @image: the file that firmware_uxm is from, or that spoils it; NULL
 * @obstacle: the file that keeps the rest from being known; NULL
 * @open: a file that another one names might say anything
 * @changed: the last one said something else; of permissions alone nobody need be told
 */
struct picture {
	struct provision said;
	const struct document *image;
	const struct document *obstacle;
	bool open;
	bool changed;
};

/* Of these files, at that time. -ENOMEM: it says what it said, and is open */
int picture_make(struct picture *picture, const struct documents *documents,
		 uint64_t now);

/* It says nothing. */
void picture_clear(struct picture *picture);

#endif
