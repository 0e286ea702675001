/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One GET by libcurl, from its beginning to its end, through redirects. Nothing is
 * tried again here.
 */
#ifndef UXMC_HTTP_H
#define UXMC_HTTP_H

#include <curl/curl.h>
#include <stdbool.h>

#include "answer.h"
#include "fetchwire.h"
#include "hop.h"
#include "httpoptions.h"
#include "pace.h"

struct http;

/**
 * struct http_ops - what is done with what comes; false: it has been given up, and
 *	verdict_note() told why, unless nobody wants to know
 * @accept: the headers of an answer with a good status are complete
 * @redirected: the next request goes elsewhere
 * @take: so many bytes of the body
 * @pause: nothing more is there at the moment
 */
struct http_ops {
	bool (*accept)(struct http *http);
	bool (*redirected)(struct http *http);
	bool (*take)(struct http *http, const char *data, size_t count);
	bool (*pause)(struct http *http);
};

/**
 * struct http - the GET
 * @request: what is asked for
 * @statuses: that are good, ended by 0
 * @range: that is asked for; empty: all
 * @hop: the request that is under way
 * @options: what libcurl is told of it
 * @error: what libcurl says of its failure; empty: nothing
 * @pace: how long it may take
 * @size: bytes of the whole, those of @request->offset too; 0 if not known
 * @have: bytes of it that are there
 * @accepted: an answer with a good status has come
 * @leads: a redirect has come, with a location
 * @retry_after: seconds that the server asked to be left alone for; 0: it did not
 * @answer: the headers that came last
 * @verdict: how it ended
 */
struct http {
	const struct http_ops *ops;
	const struct fetchwire_request *request;
	const int *statuses;
	char range[32];
	struct hop hop;
	struct pace pace;
	struct credentials credentials;
	CURLM *multi;
	struct httpoptions options;
	char error[CURL_ERROR_SIZE];
	struct curl_slist *headers;
	uint64_t size;
	uint64_t have;
	size_t header_bytes;
	bool accepted;
	bool leads;
	uint64_t retry_after;
	struct answer answer;
	struct verdict verdict;
};

/* Only @ops, @request and @statuses are set. Headers, @range, a time may follow. */
void http_open(struct http *http);
void http_header(struct http *http, const char *name, const char *value);

/*
 * Until it has ended, which is @verdict then; but if one of the @ops gave it up, or
 * somebody closed the other end of the socket @watched, there may be none.
 */
void http_run(struct http *http, int watched);

/* The server could not do it at all, or has had too many requests. */
bool http_is_overloaded(const struct http *http);

#endif
