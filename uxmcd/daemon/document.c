// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "document.h"
#include "text.h"

static bool take_headers(void *context, const struct fetchwire_headers *headers)
{
	struct document *document = context;

	document->unchanged = headers->status == 304;
	text_copy(document->etag_now, sizeof(document->etag_now), headers->etag);
	text_copy(document->modified_now, sizeof(document->modified_now),
		  headers->modified);
	return true;
}

/* fetchwire_take() has found it good. */
static bool take_entry(void *context, const struct fetchwire_entry *entry)
{
	struct document *document = context;
	struct provision_entry like = { .line = (int)entry->line };
	enum setting_id id;

	if (setting_find(entry->name, &id) ||
	    permission_parse(entry->permission, &like.permission))
		return false;
	if (!provision_set(&document->provision, id, &like, entry->value))
		return true;
	verdict_note(&document->fetcher.verdict, VERDICT_BROKEN, ENOMEM,
		     "out of memory");
	return false;
}

static void hear(void *context)
{
	const struct document *document = context;

	document->heard(document->context);
}

static const struct fetcher_ops fetcher_ops = {
	.headers = take_headers,
	.entry = take_entry,
	.heard = hear,
};

void document_start(struct document *document, const char *url,
		    const char *user_agent)
{
	struct fetchwire_request request;

	text_copy(document->url, sizeof(document->url), url);
	document->unchanged = false;
	provision_clear(&document->provision);
	fetcher_make_request(&document->fetcher, &request, FETCHWIRE_SETTINGS);
	text_copy(request.url, sizeof(request.url), url);
	text_copy(request.user_agent, sizeof(request.user_agent), user_agent);
	text_copy(request.etag, sizeof(request.etag), document->etag);
	text_copy(request.modified, sizeof(request.modified),
		  document->modified);
	fetcher_start(&document->fetcher, &request);
}

const struct verdict *document_verdict(const struct document *document)
{
	return &document->fetcher.verdict;
}

void document_accept(struct document *document)
{
	text_copy(document->etag, sizeof(document->etag), document->etag_now);
	text_copy(document->modified, sizeof(document->modified),
		  document->modified_now);
}

void document_forget(struct document *document)
{
	*document->url = '\0';
	*document->etag = '\0';
	*document->modified = '\0';
}

void document_stop(struct document *document)
{
	fetcher_stop(&document->fetcher);
	provision_clear(&document->provision);
}

void document_open(struct document *document, struct loop *loop,
		   const struct config *config, void (*heard)(void *context),
		   void *context)
{
	memset(document, 0, sizeof(*document));
	document->heard = heard;
	document->context = context;
	fetcher_open(&document->fetcher, loop, config, &fetcher_ops, document);
}
