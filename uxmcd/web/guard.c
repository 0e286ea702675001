// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "guard.h"
#include "hosts.h"
#include "identify.h"
#include "origin.h"
#include "page.h"
#include "pages.h"
#include "text.h"

static bool refuse(struct request *request, struct answer *answer,
		   unsigned int status, enum word sentence)
{
	page_say(request, answer, status, WORD_REFUSED, sentence);
	return false;
}

static bool refuse_method(struct request *request, struct answer *answer)
{
	answer->allow = request->route->methods & METHOD_POST ?
			"GET, HEAD, POST" : "GET, HEAD";
	return refuse(request, answer, MHD_HTTP_METHOD_NOT_ALLOWED, WORD_NO_METHOD);
}

/* It would change something, and without a form. */
static bool is_change_by_query(const struct request *request)
{
	return request->route->changes_by_query &&
	       form_value(&request->query, "settings");
}

bool guard_address(struct request *request, struct answer *answer)
{
	const struct route *route = request->route;

	if (!hosts_allow(request_header(request, "Host"), &request->peer,
			 request->config->web_hosts))
		return refuse(request, answer, MHD_HTTP_MISDIRECTED_REQUEST,
			      WORD_NOT_OUR_NAME);
	if (request->query_error)
		return refuse(request, answer, MHD_HTTP_BAD_REQUEST,
			      WORD_BAD_REQUEST);
	if (!route)
		return refuse(request, answer, MHD_HTTP_NOT_FOUND, WORD_NO_PAGE);
	if (!(request->method & route->methods) ||
	    (request->method == METHOD_HEAD && is_change_by_query(request)))
		return refuse_method(request, answer);
	return true;
}

/* A script is asked who it is; a person gets the form to log in with. */
static bool ask_who(struct request *request, struct answer *answer, bool stale)
{
	if (request->visitor.is_browser) {
		page_login_form(request, answer, MHD_HTTP_FORBIDDEN, NULL);
		return false;
	}
	answer->challenge = true;
	answer->stale = stale;
	return refuse(request, answer, MHD_HTTP_UNAUTHORIZED, WORD_LOG_IN_FIRST);
}

static bool refuse_stranger(struct request *request, struct answer *answer)
{
	const struct visitor *visitor = &request->visitor;

	if (visitor->has_password)
		return ask_who(request, answer, false);
	return refuse(request, answer, MHD_HTTP_FORBIDDEN, WORD_NO_PASSWORD_SET);
}

/* It was right, or would have been, had the client known. */
static bool refuse_blocked(struct request *request, struct answer *answer)
{
	answer->retry_after = request->visitor.seconds;
	return refuse(request, answer, MHD_HTTP_TOO_MANY_REQUESTS, WORD_BLOCKED);
}

static bool refuse_unknown(struct request *request, struct answer *answer)
{
	answer->retry_after = 5;
	page_no_daemon(request, answer, request->visitor.error);
	return false;
}

static bool may_see(const struct request *request)
{
	switch (request->route->need) {
	case NEED_NOTHING:
	case NEED_LOGIN:
		return true;
	case NEED_INFO:
		return request->config->web_public;
	default:
		return false;
	}
}

static bool admit(struct request *request, struct answer *answer)
{
	switch (request->visitor.kind) {
	case VISITOR_LOCAL:
	case VISITOR_PERSON:
	case VISITOR_SCRIPT:
		return true;
	case VISITOR_WRONG:
		return ask_who(request, answer, false);
	case VISITOR_STALE:
		return ask_who(request, answer, true);
	case VISITOR_BLOCKED:
		return refuse_blocked(request, answer);
	case VISITOR_UNKNOWN:
		return may_see(request) || refuse_unknown(request, answer);
	case VISITOR_STRANGER:
		return may_see(request) || refuse_stranger(request, answer);
	}
	return false;
}

static enum origin where_from(const struct request *request)
{
	const struct origin_headers headers = {
		.fetch_site = request_header(request, "Sec-Fetch-Site"),
		.origin = request_header(request, "Origin"),
		.referer = request_header(request, "Referer"),
		.host = request_header(request, "Host"),
	};

	return origin_of(&headers);
}

/*
 * By GET, that is, by a link or a picture on anybody's page. A cookie is sent from our
 * pages only, and a password by scripts only; where there is neither, on this machine,
 * the headers have to say that it is no other page.
 */
static bool may_change_by_query(struct request *request, struct answer *answer)
{
	const struct visitor *visitor = &request->visitor;
	bool is_proven = visitor->kind != VISITOR_LOCAL || !visitor->is_browser;

	if (visitor->restricted)
		return refuse(request, answer, MHD_HTTP_FORBIDDEN, WORD_RESTRICTED);
	if (where_from(request) == ORIGIN_UNKNOWN && !is_proven)
		return refuse(request, answer, MHD_HTTP_FORBIDDEN, WORD_FOREIGN);
	return true;
}

bool guard_visitor(struct request *request, struct answer *answer)
{
	bool by_query;

	if (request->route->need == NEED_NOTHING)
		return true;
	visitor_identify(request);
	if (!admit(request, answer))
		return false;
	by_query = request->method == METHOD_GET && is_change_by_query(request);
	if (!by_query && request->method != METHOD_POST)
		return true;
	if (where_from(request) == ORIGIN_FOREIGN)
		return refuse(request, answer, MHD_HTTP_FORBIDDEN, WORD_FOREIGN);
	return !by_query || may_change_by_query(request, answer);
}

/* Whoever sends a password along, or is no browser on this machine, has no form of ours. */
const char *guard_wanted_token(const struct request *request)
{
	const struct visitor *visitor = &request->visitor;

	if (visitor->kind == VISITOR_SCRIPT ||
	    (visitor->kind == VISITOR_LOCAL && !visitor->is_browser))
		return NULL;
	return visitor->token;
}

/* A form that was sent has the token in it that was put there. */
static bool check_token(struct request *request, struct answer *answer,
			const char *token)
{
	const char *wanted = guard_wanted_token(request);

	if (!wanted || (*wanted && text_is_secret(token, wanted)))
		return true;
	return refuse(request, answer, MHD_HTTP_FORBIDDEN, WORD_OLD_FORM);
}

bool guard_check(struct request *request, struct answer *answer)
{
	if (!guard_address(request, answer) || !guard_visitor(request, answer))
		return false;
	return request->method != METHOD_POST ||
	       check_token(request, answer, form_text(&request->form, "token"));
}
