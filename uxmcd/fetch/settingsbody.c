// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "answercheck.h"
#include "appearance.h"
#include "fileurl.h"
#include "provision_parse.h"
#include "settingsbody.h"
#include "text.h"

#define ROOM_FIRST	4096

/* Bytes that are likely to have the root in them */
#define BEGIN		4096

static bool refuse_size(struct http *http)
{
	verdict_note(&http->verdict, VERDICT_FAILED, EFBIG,
		     "%s sends more than the %" PRIu64 " bytes of settings_size_max in uxmcd.conf",
		     http->verdict.host, http->request->size_max);
	return false;
}

static bool accept_answer(struct http *http)
{
	struct fetchwire_headers headers;
	uint64_t length;

	if (!answercheck(&http->answer, "settings file", &http->verdict))
		return false;
	wire_make_headers(&headers, &http->answer);
	if (headers.status == 200 && fetchwire_announced(&headers, &length)) {
		if (length > http->request->size_max && !http->request->listed)
			return refuse_size(http);
		/* One that is of no interest may be as large as it likes. */
		if (length > http->request->size_max)
			headers.has_length = 0;
		http->size = length;
	}
	return body_send_headers(body_of(http), &headers);
}

static bool make_room(struct body *body, size_t wanted)
{
	size_t room = body->room ? body->room : ROOM_FIRST;
	char *data;

	if (wanted <= body->room)
		return true;
	while (room < wanted)
		room *= 2;
	data = realloc(body->data, room);
	if (!data)
		return false;
	body->data = data;
	body->room = room;
	return true;
}

static void note_no_memory(struct verdict *verdict)
{
	verdict_note(verdict, VERDICT_BROKEN, ENOMEM, "out of memory");
}

static bool keep(struct body *body, const char *data, size_t count)
{
	if (!make_room(body, body->size + count)) {
		note_no_memory(&body->http.verdict);
		return false;
	}
	memcpy(body->data + body->size, data, count);
	body->size += count;
	return true;
}

/* Looked at once; what is short is looked at when it is complete. */
static bool is_idle(struct body *body, bool too_much)
{
	if (body->begun || (body->size < BEGIN && !too_much))
		return false;
	body->begun = true;
	return provision_is_idle(body->data, body->size,
				 body->http.request->listed);
}

/* False ends it, and the rest of what is of no interest need not come. */
static bool take_data(struct http *http, const char *data, size_t count)
{
	struct body *body = body_of(http);
	size_t left = http->request->size_max - body->size;
	bool too_much = count > left;

	if (!body_check_length(body, count) ||
	    !keep(body, data, too_much ? left : count))
		return false;
	if (is_idle(body, too_much)) {
		verdict_note(&http->verdict, VERDICT_COMPLETE, 0, "complete");
		return false;
	}
	return too_much ? refuse_size(http) : true;
}

static const struct http_ops ops = {
	.accept = accept_answer,
	.take = take_data,
	.redirected = body_redirected,
	.pause = body_pause,
};

static const int statuses_first[] = { 200, 0 };
static const int statuses_again[] = { 200, 304, 0 };

void settingsbody_open(struct body *body)
{
	struct http *http = &body->http;
	const struct fetchwire_request *request = http->request;

	http->ops = &ops;
	http->statuses = *request->etag || *request->modified ?
			 statuses_again : statuses_first;
	http_open(http);
	body_bound_time(body);
	if (*request->etag)
		http_header(http, "If-None-Match", request->etag);
	if (*request->modified)
		http_header(http, "If-Modified-Since", request->modified);
}

/* The file cannot be understood, however well it came. */
static void blame_file(struct body *body, int error, const char *sentence)
{
	struct verdict *verdict = &body->http.verdict;

	verdict_open(verdict, body->http.request->url);
	if (error == -ENOMEM)
		note_no_memory(verdict);
	else
		verdict_note(verdict, VERDICT_FAILED, -error, "%s", sentence);
}

static void send_settings(struct body *body, struct provision *provision)
{
	if (fileurl_complete(provision, body->http.hop.url))
		blame_file(body, -ENOMEM, "");
	else
		wire_provision(body->wire, provision);
}

/*
 * False: what came was meant for people, or has to be unpacked first; a parser's
 * complaint about it would help nobody.
 */
static bool check_appearance(struct body *body)
{
	struct appearance appearance;
	char sentence[VERDICT_SENTENCE_SIZE];
	bool page;

	appearance_look(&appearance, body->data, body->size);
	page = appearance.kind == APPEARANCE_PAGE;
	if (!page && appearance.kind != APPEARANCE_PACKED)
		return true;
	text_format(sentence, sizeof(sentence),
		    "%.64s sent %s, not a settings file%s: %s",
		    body->http.verdict.host, appearance.name,
		    appearance.excerpt, page ?
		    "sign in to the network, or correct the URL" :
		    "have it there unpacked");
	blame_file(body, -EINVAL, sentence);
	return false;
}

void settingsbody_parse(struct body *body)
{
	struct provision provision = { 0 };
	const struct http *http = &body->http;
	char error[256];
	int ret;

	if (http->verdict.result != VERDICT_COMPLETE ||
	    http->answer.status != 200 || !check_appearance(body))
		return;
	ret = provision_parse(body->data, body->size, http->request->listed,
			      &provision, error, sizeof(error));
	if (ret)
		blame_file(body, ret, error);
	else
		send_settings(body, &provision);
	provision_clear(&provision);
}
