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
#include "upload.h"
#include "visitor.h"
#include "words.h"

#define METHOD_GET	1u
#define METHOD_HEAD	2u
#define METHOD_POST	4u

struct answer;
struct request;

/* What somebody has to be for a page. */
enum route_need {
	NEED_NOTHING,		/* not even that uxmcd knows of it */
	NEED_LOGIN,		/* the one who wants to log in */
	NEED_INFO,		/* a user, or anybody if web_info says so */
	NEED_USER,
};

/**
 * struct route - a page
 * @path: the whole of it
 * @methods: that there are for it, of METHOD_...
 * @changes_by_query: with settings=save in its query it changes something
 * @takes_file: a form with a file can be sent to it
 * @serve: fills in the answer
 */
struct route {
	const char *path;
	unsigned int methods;
	enum route_need need;
	bool changes_by_query;
	bool takes_file;
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
 * @cookie: Set-Cookie; empty: none
 * @challenge: a script is to say who it is; an old nonce is not its fault if @stale
 * @retry_after: seconds; 0: nothing is said of that
 * @patience: how long sending it may take, ms; 0: as long as a page
 */
struct answer {
	unsigned int status;
	const char *type;
	struct markup body;
	struct MHD_Response *response;
	const char *location;
	const char *allow;
	bool lasting;
	char cookie[160];
	bool challenge;
	bool stale;
	unsigned int retry_after;
	unsigned int patience;
};

/**
 * struct request - see above
 * @secure: it came by TLS
 * @url: as it was sent
 * @path: likewise, without the query
 * @query: the fields of the query
 * @query_error: what form_parse() said of it
 * @form: the fields of the body
 * @upload: what the body is instead; NULL: none
 * @refusal: what is answered when the body has been read; NULL: that is not known yet
 * @route: NULL: there is no such page
 * @method: METHOD_..., 0 for others
 * @method_name: its name
 * @begun: its headers have been looked at
 * @consult: the connection to uxmcd, opened by what asks there first
 */
struct request {
	struct MHD_Connection *connection;
	const struct config *config;
	bool secure;
	struct peer peer;
	char *url;
	char *path;
	struct form query;
	int query_error;
	struct form form;
	struct upload *upload;
	struct answer *refusal;
	const struct route *route;
	unsigned int method;
	const char *method_name;
	enum language language;
	struct visitor visitor;
	bool begun;
	struct consult consult;
};

/* A header that came; NULL if it did not. */
const char *request_header(const struct request *request, const char *name);

/* The socket that it came on; -1: that is not known. */
int request_socket(const struct request *request);

/* What the page says, in the language of who reads it. */
const char *say(const struct request *request, enum word word);

#endif
