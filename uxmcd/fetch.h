/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One try to fetch an image by HTTP into its part. Nothing is retried here, and
 * nothing waits: the loop polls, then calls fetch_perform().
 */
#ifndef UXMC_FETCH_H
#define UXMC_FETCH_H

#include <curl/curl.h>
#include <stdbool.h>

#include "answer.h"
#include "config.h"
#include "image.h"
#include "url.h"

#define FETCH_REDIRECTS_MAX	5L

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

enum fetch_result {
	FETCH_RUNNING,
	FETCH_COMPLETE,
	FETCH_BROKEN,	/* another try may go better */
	FETCH_FAILED,	/* another try would not */
};

/**
 * struct fetch - the try that is under way
 * @multi: what the loop polls
 * @answered: the head of the answer is in; the caller resets it when it has
 *	taken note of @size, @etag and @modified
 * @size: of the whole image; 0 if not known
 * @head: bytes of the heads so far
 * @answer: the last head that came
 * @part: what the server said of the image that there is a part of
 * @asked: the connection stands and the request is on its way
 * @heard: when anything came from the server (timer_now())
 * @error: positive errno of what ended it
 * @sentence: says why
 */
struct fetch {
	CURLM *multi;
	CURL *easy;
	struct curl_slist *headers;
	const struct config *config;
	struct image *image;
	char host[URL_HOST_MAX + 1];
	bool answered;
	uint64_t size;
	size_t head;
	struct answer answer;
	struct answer part;
	bool asked;
	uint64_t heard;
	enum fetch_result result;
	int error;
	char sentence[256];
};

int fetch_open(struct fetch *fetch, const struct config *config);
void fetch_close(struct fetch *fetch);

/*
 * Starts a try that goes on at the end of what @image holds, if the server is
 * known to have the same bytes still. -ENOMEM.
 */
int fetch_start(struct fetch *fetch, const struct fetch_source *source,
		struct image *image);

/* Moves on what can be moved on; once it says other than running, it is over. */
enum fetch_result fetch_perform(struct fetch *fetch);

/* How long until the server must be heard of, in milliseconds; 0: too late. */
uint64_t fetch_patience(const struct fetch *fetch);

/* Ends a try as broken because nothing is heard of the server. */
void fetch_give_up(struct fetch *fetch);

void fetch_stop(struct fetch *fetch);

#endif
