/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The transfer of an image, which continues where the last try broke off if the
 * server can do that.
 */
#ifndef UXMC_FETCH_H
#define UXMC_FETCH_H

#include "transfer.h"

/**
 * struct fetch_ops - what is done with the image; 0 or -errno
 * @empty: what there is of it is of no use
 * @room: how many bytes can still be stored
 * @store: so many bytes more of it
 * @heard: something has come, or it is over
 */
struct fetch_ops {
	int (*empty)(void *context);
	int (*room)(void *context, uint64_t *room);
	int (*store)(void *context, const char *data, size_t count);
	void (*heard)(void *context);
};

/**
 * struct fetch_source - what to fetch
 * @url: with {mac} expanded
 * @user_agent: to send
 * @have: bytes of the image that are there
 * @size: of the image as told by an earlier try; 0 if not known
 * @etag: likewise, @modified too: empty if not known
 */
struct fetch_source {
	const char *url;
	const char *user_agent;
	uint64_t have;
	uint64_t size;
	const char *etag;
	const char *modified;
};

/**
 * struct fetch - the try that is under way
 * @transfer: of the whole image, or of its rest; first, for container_of()
 * @answered: the headers are complete of an answer that is taken; the caller
 *	resets it when it has taken note of size, etag and modified
 * @part: what the server said of the image that there is a part of
 */
struct fetch {
	struct transfer transfer;
	const struct fetch_ops *ops;
	void *context;
	bool answered;
	struct answer part;
};

void fetch_open(struct fetch *fetch, struct multi *multi,
		const struct config *config, const struct fetch_ops *ops,
		void *context);

/*
 * Starts a try that continues at the end of what is there of the image, if the
 * server is known to have the same bytes still. -ENOMEM, or -errno of @empty.
 */
int fetch_start(struct fetch *fetch, const struct fetch_source *source);

#endif
