/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files that a setting leads to, and the order in which they count: each before
 * those that it names, and these in their order; the last one takes precedence.
 *
 * A look puts them in order anew: those that a file names get their places behind it
 * when it has been looked at. A file may have several places, and is looked at once.
 */
#ifndef UXMC_DOCUMENTS_H
#define UXMC_DOCUMENTS_H

#include "document.h"

/* Bytes that they may say in all */
#define DOCUMENTS_SIZE_MAX	65536U

/* Files that lead to one another, and the last of them */
#define DOCUMENTS_DEPTH_MAX	4U

/**
 * struct place - in the order
 * @above: of the file that names this one; NULL if a setting does
 * @depth: from 1: how many files lead here, this one among them
 * @optional: the file need not be there
 * @again: it has had its turn before
 */
struct place {
	struct place *next;
	const struct place *above;
	struct document *document;
	unsigned int depth;
	bool optional;
	bool again;
};

/**
 * struct documents - see above
 * @list: the files
 * @first: of the places
 */
struct documents {
	struct document *list;
	struct place *first;
};

/* A look begins: there are no places. */
void documents_begin(struct documents *documents);

/*
 * Behind @after, or first if that is NULL: a place for the file of that URL, which the
 * one at @above names. NULL: no memory
 */
struct place *documents_place(struct documents *documents, struct place *after,
			      const struct place *above, const char *url);

/* The place has its turn: notes whether its file has had one. */
void documents_visit(struct place *place);

/* The look has ended: files without a place go. */
void documents_end(struct documents *documents);

/* All go. */
void documents_forget(struct documents *documents);

size_t documents_count_places(const struct documents *documents);

/* Did the last look at one of the files fail by that, a positive errno? */
bool documents_failed_by(const struct documents *documents, int error);

/* Is it the file of one of those above? */
bool place_is_loop(const struct place *place);

/* Bytes that the file may say, as the others say so much already */
size_t documents_room(const struct documents *documents,
		      const struct document *document);

#endif
