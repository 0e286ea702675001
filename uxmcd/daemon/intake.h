/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the image of an update comes in, fetched or as a file: into its part, which
 * becomes the image when it is whole. Where something can fail it gives -errno, and
 * has noted the failure.
 */
#ifndef UXMC_INTAKE_H
#define UXMC_INTAKE_H

#include "failure.h"
#include "image.h"
#include "imagefetch.h"
#include "journal.h"
#include "sigintake.h"
#include "store.h"
#include "trust.h"

/**
 * struct intake - see above
 * @record: what the journal keeps of the update
 * @failure: of the update
 * @image: the part or the whole, while it is open
 * @trust: what it has to show
 * @at_signature: that is fetched, before the image
 * @modules: how many there are
 * @tries: fetches that were begun
 */
struct intake {
	const struct config *config;
	const struct store *store;
	struct journal *record;
	struct failure *failure;
	struct image image;
	struct trust trust;
	struct imagefetch fetch;
	struct sigintake sigintake;
	bool at_signature;
	size_t modules;
	unsigned int tries;
	void (*heard)(void *context);
	void *context;
};

/*
 * The fields above @image, the last two and the keys in @trust are filled in. @heard is
 * called while it fetches, when something has come or the try is over.
 */
void intake_open(struct intake *intake, const struct fetcher_needs *needs);

/* Begins a try to fetch it, which may be over at once; @modules: how many there are. */
int intake_fetch(struct intake *intake, size_t modules);

/* How the try goes, or went. */
const struct verdict *intake_verdict(const struct intake *intake);

/* Puts into the journal what the server said about the image, if it is new. */
int intake_note_answer(struct intake *intake);

/*
 * How long to pause before the next try, in milliseconds; false: the server wants to be
 * left alone for longer than the driver can be kept waiting.
 */
uint64_t intake_pause(const struct intake *intake);
bool intake_may_wait(const struct intake *intake);

/* Seconds that the server asked to be left alone for; 0: it did not. */
uint64_t intake_retry_after(const struct intake *intake);

/*
 * A file comes, of as many bytes as the record says, and in front of it so many bytes
 * of its signature.
 */
int intake_copy(struct intake *intake, size_t signature_size);

/* The next bytes of it; -EAGAIN if there are more to come. */
int intake_take(struct intake *intake, const char *data, size_t count);

/*
 * All of it has come: can it be an image, and is it the one that it has to be? If so,
 * gives it its own name. Where it has to be read again only a step is done at a time:
 * -EAGAIN if there are more.
 */
int intake_check(struct intake *intake);

/* Is the whole image there, as the journal says? */
bool intake_is_whole(const struct intake *intake);

/* And has it been found good before, as the keys ask for now? */
bool intake_is_good(const struct intake *intake);

/* Opens it, for intake_check(). */
int intake_reopen(struct intake *intake);

/* Ends what runs; what is stored stays. */
void intake_stop(struct intake *intake);

#endif
