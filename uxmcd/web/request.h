/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A request, as far as it has come in, and what it is answered with.
 */
#ifndef UXMC_REQUEST_H
#define UXMC_REQUEST_H

#include <microhttpd.h>

#include "config.h"
#include "consult.h"
#include "form.h"
#include "markup.h"
#include "peer.h"
#include "words.h"

#define METHOD_GET	1u
#define METHOD_HEAD	2u
#define METHOD_POST	4u

struct answer;
struct request;

/* What somebody has to be for a page. */
enum route_need {
	NEED_NOTHING,
	NEED_USER,
};

/**
 * struct route - a page
 * @path: the whole of it
 * @methods: that there are for it, of METHOD_...
 * @serve: fills in the answer
 */
struct route {
	const char *path;
	unsigned int methods;
	enum route_need need;
	void (*serve)(struct request *request, struct answer *answer);
};

/**
 * struct answer - all zeros to begin with, which is a page with status 200
 * @status: of HTTP; 0: 200
 * @type: Content-Type; NULL: that of a page
 * @body: what is sent, unless there is @response
 * @response: that is sent instead
 * @location: where to go instead; NULL: nowhere
 * @allow: methods that there are; NULL: the one that was used is one
 * @lasting: it never changes, and may be kept
 */
struct answer {
	unsigned int status;
	const char *type;
	struct markup body;
	struct MHD_Response *response;
	const char *location;
	const char *allow;
	bool lasting;
};

/**
 * struct request - see above
 * @secure: it came by TLS
 * @path: as it was sent, without the query
 * @query: the fields of the query
 * @query_error: what form_parse() said of it
 * @form: the fields of the body
 * @route: NULL: there is no such page
 * @method: METHOD_..., 0 for others
 * @begun: its headers have been looked at
 * @consult: the connection to uxmcd, opened by what asks there first
 */
struct request {
	struct MHD_Connection *connection;
	const struct config *config;
	bool secure;
	struct peer peer;
	char *path;
	struct form query;
	int query_error;
	struct form form;
	const struct route *route;
	unsigned int method;
	enum language language;
	bool begun;
	struct consult consult;
};

/* A header that came; NULL if it did not. */
const char *request_header(const struct request *request, const char *name);

/* What the page says, in the language of who reads it. */
const char *say(const struct request *request, enum word word);

#endif
