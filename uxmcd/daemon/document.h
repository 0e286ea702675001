/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file of a provisioning server: what is known of it, and how looking at it goes.
 *
 * What a file said counts until it says something else. One that the server has no
 * more (404, 410) says nothing after DOCUMENT_PATIENCE. One that was never understood
 * is open: it might say anything. It is not open any more when the server has said
 * that there is none, or after DOCUMENT_PATIENCE of failures.
 */
#ifndef UXMC_DOCUMENT_H
#define UXMC_DOCUMENT_H

#include <stdint.h>

#include "fetchwire.h"
#include "provision.h"

/* Milliseconds */
#define DOCUMENT_PATIENCE	3600000U

enum document_outcome {
	DOCUMENT_NEW,		/* it has not been looked at */
	DOCUMENT_GOOD,		/* it was there, and understood */
	DOCUMENT_MISSING,	/* the server says that there is none */
	DOCUMENT_BAD,
};

/**
 * struct document - see above
 * @next: in the list of its owner, as is @mark
 * @known: @said is what it says
 * @etag: of the version that this is of, weak or not; empty if not known
 * @modified: likewise, its Last-Modified
 * @outcome: of the last look
 * @unchanged: the server had nothing new at the last look
 * @looked: when that was (loop_now()); 0: never
 * @failures: since it was last good
 * @failing_since: when the first of these was
 * @pause: after the last of these, in milliseconds
 * @error: positive errno of the last look; 0 if it went well
 * @report: the sentence that says how the last look went; empty if it was good
 * @url: with {mac} expanded, if that can be
 */
struct document {
	struct document *next;
	bool mark;
	bool known;
	struct provision said;
	char etag[FETCHWIRE_ETAG_SIZE];
	char modified[FETCHWIRE_MODIFIED_SIZE];
	enum document_outcome outcome;
	bool unchanged;
	uint64_t looked;
	unsigned int failures;
	uint64_t failing_since;
	uint64_t pause;
	int error;
	char report[256];
	char url[];
};

/* NULL: no memory */
struct document *document_new(const char *url);
void document_free(struct document *document);

/* It is not known any more what it says. */
void document_forget(struct document *document);

/* It was there: it says what it said, or else what @said says, which is taken. */
void document_succeed(struct document *document, bool unchanged,
		      struct provision *said);

/*
 * It could not be had or understood; @missing: the server has none. @pause is the
 * caller's to set.
 */
void document_fail(struct document *document, bool missing, int error,
		   const char *sentence, uint64_t now);

/* The server has none, which may be nothing to complain of. */
void document_miss(struct document *document);

/* It has failed, and its server is to be left alone. */
bool document_is_paused(const struct document *document, uint64_t now);

/* It might say anything: see above. */
bool document_is_open(const struct document *document, uint64_t now);

#endif
