// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "imagefetch.h"
#include "sentence.h"
#include "text.h"

/* A weak one does not vouch for the bytes (RFC 9110, section 8.8.1). */
static const char *strong(const char *etag)
{
	return *etag == '"' ? etag : "";
}

static bool differ(const char *one, const char *other)
{
	return *one && *other && strcmp(one, other);
}

/*
 * What vouched for the part that is there vouches for these bytes, too: no others may
 * be put together with it (RFC 9110, section 15.3.7.3).
 */
static bool vouches(const struct imagefetch *fetch,
		    const struct fetchwire_headers *headers)
{
	if (*fetch->etag && strcmp(strong(headers->etag), fetch->etag))
		return false;
	if (!*fetch->etag && strcmp(headers->modified, fetch->modified))
		return false;
	return !differ(headers->modified, fetch->modified);
}

/* The part is continued only if these are its next bytes, beyond doubt. */
static bool continues_part(const struct imagefetch *fetch,
			   const struct fetchwire_headers *headers)
{
	uint64_t length;

	return headers->has_range && headers->first == fetch->have &&
	       headers->total == fetch->size &&
	       headers->last + 1 == fetch->size &&
	       fetchwire_announced(headers, &length) &&
	       length == fetch->size - fetch->have &&
	       vouches(fetch, headers);
}

static int start_over(struct imagefetch *fetch)
{
	fetch->have = 0;
	fetch->size = 0;
	*fetch->etag = '\0';
	*fetch->modified = '\0';
	return fetch->ops->empty(fetch->context);
}

static bool accept_part(struct imagefetch *fetch,
			const struct fetchwire_headers *headers)
{
	struct verdict *verdict = &fetch->fetcher.verdict;

	if (continues_part(fetch, headers))
		return true;
	start_over(fetch);
	verdict_note(verdict, VERDICT_BROKEN, EAGAIN,
		     "%s answered with another part of the image than was asked for",
		     verdict->host);
	return false;
}

/* What there is of the image does not fit the server's: uxmc-fetch says so. */
static bool empty_part(struct imagefetch *fetch)
{
	start_over(fetch);
	return true;
}

static void note_not_emptied(struct imagefetch *fetch)
{
	verdict_note(&fetch->fetcher.verdict, VERDICT_FAILED, EIO,
		     "the part that is there cannot be emptied");
}

static bool accept_whole(struct imagefetch *fetch,
			 const struct fetchwire_headers *headers)
{
	if (fetch->have && start_over(fetch)) {
		note_not_emptied(fetch);
		return false;
	}
	fetchwire_announced(headers, &fetch->size);
	text_copy(fetch->etag, sizeof(fetch->etag), strong(headers->etag));
	text_copy(fetch->modified, sizeof(fetch->modified), headers->modified);
	fetch->answered = true;
	return true;
}

static bool check_room(struct imagefetch *fetch)
{
	uint64_t room, wanted = fetch->size - fetch->have;

	if (!fetch->size || fetch->ops->room(fetch->context, &room) ||
	    room >= wanted)
		return true;
	verdict_note(&fetch->fetcher.verdict, VERDICT_FAILED, ENOSPC,
		     SENTENCE_NO_ROOM, fetch->fetcher.config->state_dir, wanted,
		     room);
	return false;
}

static bool accept_answer(void *context, const struct fetchwire_headers *headers)
{
	struct imagefetch *fetch = context;

	switch (headers->status) {
	case 206:
		return accept_part(fetch, headers) && check_room(fetch);
	case 416:
		return empty_part(fetch);
	default:
		return accept_whole(fetch, headers) && check_room(fetch);
	}
}

static bool store_data(void *context, const char *data, size_t count)
{
	struct imagefetch *fetch = context;
	int ret = fetch->ops->store(fetch->context, data, count);

	if (!ret)
		return true;
	verdict_note(&fetch->fetcher.verdict, VERDICT_FAILED, -ret,
		     "the image cannot be stored: %s", strerror(-ret));
	return false;
}

static void hear(void *context)
{
	const struct imagefetch *fetch = context;

	fetch->ops->heard(fetch->context);
}

static const struct fetcher_ops fetcher_ops = {
	.headers = accept_answer,
	.data = store_data,
	.heard = hear,
};

static bool can_continue(const struct imagefetch_source *source)
{
	return source->have && source->have < source->size &&
	       (*source->etag || *source->modified);
}

/* Asks for the rest; of an image that has changed the whole comes. */
static void ask_for_rest(struct imagefetch *fetch,
			 const struct imagefetch_source *source,
			 struct fetchwire_request *request)
{
	fetch->have = source->have;
	fetch->size = source->size;
	text_copy(fetch->etag, sizeof(fetch->etag), source->etag);
	text_copy(fetch->modified, sizeof(fetch->modified), source->modified);
	request->offset = source->have;
	text_copy(request->etag, sizeof(request->etag), source->etag);
	text_copy(request->modified, sizeof(request->modified),
		  source->modified);
}

void imagefetch_start(struct imagefetch *fetch,
		      const struct imagefetch_source *source)
{
	struct fetchwire_request request;

	fetch->answered = false;
	verdict_open(&fetch->fetcher.verdict, source->url);
	fetcher_make_request(&fetch->fetcher, &request, FETCHWIRE_IMAGE);
	text_copy(request.url, sizeof(request.url), source->url);
	text_copy(request.user_agent, sizeof(request.user_agent),
		  source->user_agent);
	if (can_continue(source)) {
		ask_for_rest(fetch, source, &request);
	} else if (start_over(fetch)) {
		note_not_emptied(fetch);
		return;
	}
	fetcher_start(&fetch->fetcher, &request);
}

const struct verdict *imagefetch_verdict(const struct imagefetch *fetch)
{
	return &fetch->fetcher.verdict;
}

void imagefetch_stop(struct imagefetch *fetch)
{
	fetcher_stop(&fetch->fetcher);
}

void imagefetch_open(struct imagefetch *fetch, const struct fetcher_needs *needs,
		     const struct imagefetch_ops *ops, void *context)
{
	memset(fetch, 0, sizeof(*fetch));
	fetch->ops = ops;
	fetch->context = context;
	fetcher_open(&fetch->fetcher, needs, &fetcher_ops, fetch);
}
