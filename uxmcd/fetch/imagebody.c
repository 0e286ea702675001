// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>

#include "answercheck.h"
#include "imagebody.h"
#include "sentence.h"
#include "text.h"

/* The part that uxmcd has is none of the image that the server has. */
static bool refuse_part(struct body *body,
			const struct fetchwire_headers *headers)
{
	struct verdict *verdict = &body->http.verdict;

	if (body_send_headers(body, headers))
		verdict_note(verdict, VERDICT_BROKEN, EAGAIN,
			     "%s has another image there now", verdict->host);
	return false;
}

static bool check_length(struct http *http, uint64_t length)
{
	struct verdict *verdict = &http->verdict;

	if (length)
		return true;
	verdict_note(verdict, VERDICT_FAILED, ENODATA, "%s sent an empty file",
		     verdict->host);
	return false;
}

static bool check_size(struct http *http, uint64_t size)
{
	if (size <= http->request->size_max)
		return true;
	verdict_note(&http->verdict, VERDICT_FAILED, EFBIG,
		     SENTENCE_TOO_LARGE("image"), size, http->request->size_max);
	return false;
}

/* Whether a part is the one that was asked for is for uxmcd to judge. */
static bool accept_answer(struct http *http)
{
	struct body *body = body_of(http);
	struct fetchwire_headers headers;
	uint64_t length;

	if (!answercheck_image(&http->answer, &http->verdict))
		return false;
	wire_make_headers(&headers, &http->answer);
	if (headers.status == 416)
		return refuse_part(body, &headers);
	http->have = headers.status == 206 ? http->request->offset : 0;
	if (fetchwire_announced(&headers, &length)) {
		if (!check_length(http, length) ||
		    !check_size(http, http->have + length))
			return false;
		http->size = http->have + length;
	}
	return check_size(http, headers.total) &&
	       body_send_headers(body, &headers);
}

static bool take_data(struct http *http, const char *data, size_t count)
{
	struct body *body = body_of(http);

	if (!body_check_length(body, count))
		return false;
	if (http->have + count <= http->request->size_max)
		return !wire_data(body->wire, data, count);
	verdict_note(&http->verdict, VERDICT_FAILED, EFBIG,
		     "%s sends more than the %" PRIu64 " bytes of image_size_max in uxmcd.conf",
		     http->verdict.host, http->request->size_max);
	return false;
}

static const struct http_ops ops = {
	.accept = accept_answer,
	.take = take_data,
	.redirected = body_redirected,
	.pause = body_pause,
};

/* A part is for who has asked for one (RFC 9110, section 15.3.7). */
static const int statuses_whole[] = { 200, 0 };
/* 416: there is no rest */
static const int statuses_rest[] = { 200, 206, 416, 0 };

/* Asks for the rest, but for the whole if the image has changed. */
static void ask_for_rest(struct http *http)
{
	const struct fetchwire_request *request = http->request;

	text_format(http->range, sizeof(http->range), "%" PRIu64 "-",
		    request->offset);
	http_header(http, "If-Range",
		    *request->etag ? request->etag : request->modified);
}

void imagebody_open(struct body *body)
{
	struct http *http = &body->http;

	http->ops = &ops;
	http->statuses = http->request->offset ? statuses_rest : statuses_whole;
	http_open(http);
	/* Without it any coding is welcome (RFC 9110, section 12.5.3). */
	http_header(http, "Accept-Encoding", "identity");
	if (http->request->offset)
		ask_for_rest(http);
}
