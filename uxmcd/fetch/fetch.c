// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fetch.h"
#include "sentence.h"
#include "text.h"

static struct fetch *fetch_of(struct transfer *transfer)
{
	return (struct fetch *)transfer;
}

static bool differ(const char *one, const char *other)
{
	return *one && *other && strcmp(one, other);
}

/* The part is continued only if these are its next bytes, beyond doubt. */
static bool continues_part(const struct fetch *fetch)
{
	const struct answer *answer = &fetch->transfer.answer;
	uint64_t size = fetch->transfer.size;

	return answer->has_range && answer->range.first == fetch->transfer.have &&
	       answer->range.total == size && answer->range.last + 1 == size &&
	       !differ(answer->etag, fetch->part.etag) &&
	       !differ(answer->modified, fetch->part.modified);
}

static int start_over(struct fetch *fetch)
{
	fetch->transfer.have = 0;
	return fetch->ops->empty(fetch->context);
}

static bool accept_part(struct fetch *fetch)
{
	if (continues_part(fetch))
		return true;
	start_over(fetch);
	verdict_note(&fetch->transfer.verdict, TRANSFER_BROKEN, EAGAIN,
		     "%s answered with another part of the image than was asked for",
		     fetch->transfer.verdict.host);
	return false;
}

/* What there is of the image does not fit the server's any more. */
static bool refuse_part(struct fetch *fetch)
{
	start_over(fetch);
	verdict_note(&fetch->transfer.verdict, TRANSFER_BROKEN, EAGAIN,
		     "%s has another image there now", fetch->transfer.verdict.host);
	return false;
}

static bool accept_whole(struct fetch *fetch)
{
	struct transfer *transfer = &fetch->transfer;
	const struct answer *answer = &transfer->answer;

	if (transfer->have && start_over(fetch)) {
		verdict_note(&transfer->verdict, TRANSFER_FAILED, EIO,
			     "the part that is there cannot be emptied");
		return false;
	}
	transfer->size = answer->has_length ? answer->length : 0;
	if (answer->has_length && !answer->length) {
		verdict_note(&transfer->verdict, TRANSFER_FAILED, ENODATA,
			     "%s sent an empty file", transfer->verdict.host);
		return false;
	}
	return true;
}

static bool check_size(struct fetch *fetch)
{
	uint64_t max = fetch->transfer.config->image_size_max;
	uint64_t size = fetch->transfer.size;

	if (size <= max)
		return true;
	verdict_note(&fetch->transfer.verdict, TRANSFER_FAILED, EFBIG,
		     SENTENCE_TOO_LARGE("image"), size, max);
	return false;
}

static bool check_room(struct fetch *fetch)
{
	struct transfer *transfer = &fetch->transfer;
	uint64_t room, wanted = transfer->size - transfer->have;

	if (!transfer->size || fetch->ops->room(fetch->context, &room) ||
	    room >= wanted)
		return true;
	verdict_note(&transfer->verdict, TRANSFER_FAILED, ENOSPC, SENTENCE_NO_ROOM,
		     transfer->config->state_dir, wanted, room);
	return false;
}

static bool accept_answer(struct transfer *transfer)
{
	struct fetch *fetch = fetch_of(transfer);
	bool good;

	switch (transfer->answer.status) {
	case 206:
		good = accept_part(fetch);
		break;
	case 416:
		good = refuse_part(fetch);
		break;
	default:
		good = accept_whole(fetch);
	}
	fetch->answered = good && check_size(fetch) && check_room(fetch);
	return fetch->answered;
}

static bool take_data(struct transfer *transfer, const char *data, size_t count)
{
	struct fetch *fetch = fetch_of(transfer);
	uint64_t max = transfer->config->image_size_max;
	int ret;

	if (transfer->have + count > max) {
		verdict_note(&transfer->verdict, TRANSFER_FAILED, EFBIG,
			     "%s sends more than the %" PRIu64
			     " bytes of image_size_max in uxmcd.conf",
			     transfer->verdict.host, max);
		return false;
	}
	ret = fetch->ops->store(fetch->context, data, count);
	if (!ret)
		return true;
	verdict_note(&transfer->verdict, TRANSFER_FAILED, -ret,
		     "the image cannot be stored: %s", strerror(-ret));
	return false;
}

static const struct transfer_ops ops = {
	.accept = accept_answer,
	.take = take_data,
};

static const int statuses_whole[] = { 200, 206, 0 };
/* 416: there is no rest */
static const int statuses_rest[] = { 200, 206, 416, 0 };

/* Asks for the rest, but for the whole if the image has changed. */
static int ask_for_rest(struct fetch *fetch, const struct fetch_source *source)
{
	struct transfer *transfer = &fetch->transfer;
	char range[32];

	text_copy(fetch->part.etag, sizeof(fetch->part.etag), source->etag);
	text_copy(fetch->part.modified, sizeof(fetch->part.modified),
		  source->modified);
	transfer->statuses = statuses_rest;
	transfer->size = source->size;
	transfer->have = source->have;
	snprintf(range, sizeof(range), "%" PRIu64 "-", source->have);
	curl_easy_setopt(transfer->request.easy, CURLOPT_RANGE, range);
	return transfer_field(transfer, "If-Range",
			      *source->etag ? source->etag : source->modified);
}

static int ask_for_whole(struct fetch *fetch)
{
	fetch->transfer.statuses = statuses_whole;
	return start_over(fetch);
}

static bool can_continue(const struct fetch_source *source)
{
	return source->have && source->have < source->size &&
	       (*source->etag || *source->modified);
}

int fetch_start(struct fetch *fetch, const struct fetch_source *source)
{
	struct transfer *transfer = &fetch->transfer;
	int ret;

	fetch->answered = false;
	ret = transfer_prepare(transfer, source->url, source->user_agent);
	if (!ret)
		ret = can_continue(source) ? ask_for_rest(fetch, source) :
					     ask_for_whole(fetch);
	if (!ret)
		ret = transfer_start(transfer);
	if (ret)
		transfer_stop(transfer);
	return ret;
}

void fetch_open(struct fetch *fetch, struct multi *multi,
		const struct config *config, const struct fetch_ops *fetch_ops,
		void *context)
{
	memset(fetch, 0, sizeof(*fetch));
	fetch->ops = fetch_ops;
	fetch->context = context;
	transfer_open(&fetch->transfer, multi, config, &ops, fetch_ops->heard,
		      context);
}
