// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "text.h"

#define ROOM_FIRST	4096

/* However slowly a server drips, it is not waited for longer. */
#define STALLS_MAX	4

static struct document *document_of(struct transfer *transfer)
{
	return (struct document *)transfer;
}

static bool refuse_size(struct transfer *transfer)
{
	verdict_note(&transfer->verdict, TRANSFER_FAILED, EFBIG,
		     "%s sends more than the %" PRIu64 " bytes of settings_size_max in uxmcd.conf",
		     transfer->verdict.host, transfer->config->settings_size_max);
	return false;
}

static bool accept_answer(struct transfer *transfer)
{
	const struct answer *answer = &transfer->answer;

	if (answer->status == 304)
		return true;
	if (answer->has_length &&
	    answer->length > transfer->config->settings_size_max)
		return refuse_size(transfer);
	transfer->size = answer->has_length ? answer->length : 0;
	return true;
}

static bool make_room(struct document *document, size_t wanted)
{
	size_t room = document->room ? document->room : ROOM_FIRST;
	char *data;

	if (wanted <= document->room)
		return true;
	while (room < wanted)
		room *= 2;
	data = realloc(document->data, room);
	if (!data)
		return false;
	document->data = data;
	document->room = room;
	return true;
}

static bool take_data(struct transfer *transfer, const char *data, size_t count)
{
	struct document *document = document_of(transfer);

	if (document->size + count > transfer->config->settings_size_max)
		return refuse_size(transfer);
	if (!make_room(document, document->size + count)) {
		verdict_note(&transfer->verdict, TRANSFER_BROKEN, ENOMEM, "out of memory");
		return false;
	}
	memcpy(document->data + document->size, data, count);
	document->size += count;
	return true;
}

static const struct transfer_ops ops = {
	.accept = accept_answer,
	.take = take_data,
};

static const int statuses_first[] = { 200, 0 };
static const int statuses_again[] = { 200, 304, 0 };

static int ask_if_changed(struct document *document)
{
	struct transfer *transfer = &document->transfer;
	int ret = 0;

	transfer->statuses = statuses_again;
	if (*document->etag)
		ret = transfer_field(transfer, "If-None-Match",
				     document->etag);
	if (!ret && *document->modified)
		ret = transfer_field(transfer, "If-Modified-Since",
				     document->modified);
	return ret;
}

static void bound_time(struct transfer *transfer)
{
	const struct config *config = transfer->config;

	curl_easy_setopt(transfer->request.easy, CURLOPT_TIMEOUT_MS,
			 (long)(config->connect_timeout +
				STALLS_MAX * config->stall_timeout));
}

int document_start(struct document *document, const char *url,
		   const char *user_agent)
{
	struct transfer *transfer = &document->transfer;
	int ret;

	text_copy(document->url, sizeof(document->url), url);
	transfer->statuses = statuses_first;
	ret = transfer_prepare(transfer, document->url, user_agent);
	if (!ret)
		bound_time(transfer);
	if (!ret && (*document->etag || *document->modified))
		ret = ask_if_changed(document);
	if (!ret)
		ret = transfer_start(transfer);
	if (ret)
		document_drop(document);
	return ret;
}

bool document_is_unchanged(const struct document *document)
{
	return document->transfer.answer.status == 304;
}

void document_accept(struct document *document)
{
	const struct answer *answer = &document->transfer.answer;

	text_copy(document->etag, sizeof(document->etag), answer->weak_etag);
	text_copy(document->modified, sizeof(document->modified),
		  answer->modified);
}

void document_forget(struct document *document)
{
	*document->url = '\0';
	*document->etag = '\0';
	*document->modified = '\0';
}

void document_drop(struct document *document)
{
	transfer_stop(&document->transfer);
	free(document->data);
	document->data = NULL;
	document->size = 0;
	document->room = 0;
}

void document_open(struct document *document, struct multi *multi,
		   const struct config *config, void (*heard)(void *context),
		   void *context)
{
	memset(document, 0, sizeof(*document));
	transfer_open(&document->transfer, multi, config, &ops, heard, context);
}
