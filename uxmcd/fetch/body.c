// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>

#include "body.h"
#include "loop.h"

struct body *body_of(struct http *http)
{
	return (struct body *)http;
}

static void tell_asked(struct body *body)
{
	if (body->told)
		return;
	body->told = true;
	wire_asked(body->wire);
}

bool body_redirected(struct http *http)
{
	struct body *body = body_of(http);

	tell_asked(body);
	return !wire_asked(body->wire);
}

bool body_pause(struct http *http)
{
	struct body *body = body_of(http);

	if (http->pace.asked)
		tell_asked(body);
	/* uxmcd may take its time. */
	if (body->wire->held) {
		wire_flush(body->wire);
		pace_listen(&http->pace, loop_now());
	}
	return !body->wire->error;
}

void body_bound_time(struct body *body)
{
	const struct fetchwire_request *request = body->http.request;

	body->http.pace.time_max = request->connect_timeout +
				   (uint64_t)FETCHWIRE_STALLS_MAX *
				   request->stall_timeout;
}

bool body_send_headers(struct body *body,
		       const struct fetchwire_headers *headers)
{
	tell_asked(body);
	return !wire_headers(body->wire, headers);
}

/* libcurl goes by the chunks, where a server sends a length as well. */
bool body_check_length(struct body *body, size_t count)
{
	struct http *http = &body->http;

	if (!http->size || http->have + count <= http->size)
		return true;
	verdict_note(&http->verdict, VERDICT_BROKEN, EPROTO,
		     "%s sends more than the %" PRIu64 " bytes that it announced",
		     http->verdict.host, http->size);
	return false;
}
