/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The transfer of an image into its part, which goes on where the last try broke
 * off if the server can do that.
 */
#ifndef UXMC_FETCH_H
#define UXMC_FETCH_H

#include "image.h"
#include "transfer.h"

/**
 * struct fetch_source - what to fetch
 * @url: with {mac} expanded
 * @user_agent: to send
 * @size: of the image as told by an earlier try; 0 if not known
 * @etag: likewise, @modified too: empty if not known
 */
struct fetch_source {
	const char *url;
	const char *user_agent;
	uint64_t size;
	const char *etag;
	const char *modified;
};

/**
 * struct fetch - the try that is under way
 * @transfer: of the whole image, or of its rest; first, for container_of()
 * @image: the part
 * @answered: the head of the answer is in; the caller resets it when it has
 *	taken note of size, etag and modified
 * @part: what the server said of the image that there is a part of
 */
struct fetch {
	struct transfer transfer;
	struct image *image;
	bool answered;
	struct answer part;
};

void fetch_open(struct fetch *fetch, CURLM *multi, const struct config *config);

/*
 * Starts a try that goes on at the end of what @image holds, if the server is
 * known to have the same bytes still. -ENOMEM.
 */
int fetch_start(struct fetch *fetch, const struct fetch_source *source,
		struct image *image);

#endif
