/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fetch of an image, which continues where the last try broke off if the server
 * can do that.
 */
#ifndef UXMC_IMAGEFETCH_H
#define UXMC_IMAGEFETCH_H

#include "fetcher.h"

/**
 * struct imagefetch_ops - what is done with the image; 0 or -errno
 * @empty: what there is of it is of no use
 * @room: how many bytes can still be stored
 * @store: so many bytes more of it
 * @heard: something has come, or it is over
 */
struct imagefetch_ops {
	int (*empty)(void *context);
	int (*room)(void *context, uint64_t *room);
	int (*store)(void *context, const char *data, size_t count);
	void (*heard)(void *context);
};

/**
 * struct imagefetch_source - what to fetch
 * @url: with {mac} expanded
 * @user_agent: to send
 * @have: bytes of the image that are there
 * @size: of the image as told by an earlier try; 0 if not known
 * @etag: likewise, a strong one, @modified too: empty if not known
 */
struct imagefetch_source {
	const char *url;
	const char *user_agent;
	uint64_t have;
	uint64_t size;
	const char *etag;
	const char *modified;
};

/**
 * struct imagefetch - the try that is under way
 * @answered: an answer has been taken that begins the image anew, of which @size,
 *	@etag and @modified are; the caller resets it when it has taken note
 * @have: bytes of the image that were there before
 * @size: of the image; 0 if not known
 * @etag: a strong one; empty if there is none
 * @modified: Last-Modified; empty if there is none
 */
struct imagefetch {
	struct fetcher fetcher;
	const struct imagefetch_ops *ops;
	void *context;
	bool answered;
	uint64_t have;
	uint64_t size;
	char etag[FETCHWIRE_ETAG_SIZE];
	char modified[FETCHWIRE_MODIFIED_SIZE];
};

void imagefetch_open(struct imagefetch *fetch, const struct fetcher_needs *needs,
		     const struct imagefetch_ops *ops, void *context);

/*
 * Starts a try that continues at the end of what is there of the image, if the
 * server is known to have the same bytes still. It may be over at once.
 */
void imagefetch_start(struct imagefetch *fetch,
		      const struct imagefetch_source *source);

/* How it goes, or went. */
const struct verdict *imagefetch_verdict(const struct imagefetch *fetch);

/* Ends it, if it is under way. */
void imagefetch_stop(struct imagefetch *fetch);

#endif
