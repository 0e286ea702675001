// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>

#include "answercheck.h"
#include "signaturebody.h"

static bool check_size(struct http *http, uint64_t size)
{
	if (size <= http->request->size_max)
		return true;
	verdict_note(&http->verdict, VERDICT_FAILED, EFBIG,
		     "%s sends more than the %" PRIu64 " bytes of a signature",
		     http->verdict.host, http->request->size_max);
	return false;
}

static bool accept_answer(struct http *http)
{
	struct fetchwire_headers headers;
	uint64_t length;

	if (!answercheck(&http->answer, "signature", &http->verdict))
		return false;
	wire_make_headers(&headers, &http->answer);
	if (fetchwire_announced(&headers, &length)) {
		if (!check_size(http, length))
			return false;
		http->size = length;
	}
	return body_send_headers(body_of(http), &headers);
}

static bool take_data(struct http *http, const char *data, size_t count)
{
	struct body *body = body_of(http);

	return body_check_length(body, count) &&
	       check_size(http, http->have + count) &&
	       !wire_data(body->wire, data, count);
}

static const struct http_ops ops = {
	.accept = accept_answer,
	.take = take_data,
	.redirected = body_redirected,
	.pause = body_pause,
};

static const int statuses[] = { 200, 0 };

void signaturebody_open(struct body *body)
{
	struct http *http = &body->http;

	http->ops = &ops;
	http->statuses = statuses;
	http_open(http);
	body_bound_time(body);
}
