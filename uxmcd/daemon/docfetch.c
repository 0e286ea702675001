// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "docfetch.h"
#include "text.h"

static bool take_headers(void *context, const struct fetchwire_headers *headers)
{
	struct docfetch *fetch = context;

	fetch->unchanged = headers->status == 304;
	text_copy(fetch->etag, sizeof(fetch->etag), headers->etag);
	text_copy(fetch->modified, sizeof(fetch->modified), headers->modified);
	return true;
}

/* What was to be kept of it, was it, and is it not too much? */
static bool check_kept(struct docfetch *fetch, int ret)
{
	struct verdict *verdict = &fetch->fetcher.verdict;

	if (ret)
		verdict_note(verdict, VERDICT_BROKEN, -ret, "%s", strerror(-ret));
	else if (provision_size(&fetch->said) > fetch->room)
		verdict_note(verdict, VERDICT_FAILED, EFBIG,
			     "what it says is too much together with what other files say");
	else
		return true;
	return false;
}

/* fetchwire_take() has found it good, and the following ones, too. */
static bool take_entry(void *context, const struct fetchwire_entry *entry)
{
	struct provision_entry like = { .line = (int)entry->line };
	struct docfetch *fetch = context;
	enum setting_id id;

	if (setting_find(entry->name, &id) ||
	    permission_parse(entry->permission, &like.permission) ||
	    text_copy(like.sha256, sizeof(like.sha256), entry->sha256))
		return false;
	like.rollout.limited = entry->limited;
	like.rollout.percent = entry->percent;
	return check_kept(fetch, provision_set(&fetch->said, id, &like,
					       entry->value));
}

static bool take_file(void *context, const struct fetchwire_file *file)
{
	struct docfetch *fetch = context;

	return check_kept(fetch, provision_add(&fetch->said.files, (int)file->line,
					       file->url));
}

static bool take_dropped(void *context, const struct fetchwire_dropped *dropped)
{
	struct docfetch *fetch = context;

	if (dropped->spoils)
		provision_spoil(&fetch->said);
	return check_kept(fetch, provision_drop(&fetch->said, (int)dropped->line,
						dropped->sentence));
}

static void hear(void *context)
{
	const struct docfetch *fetch = context;

	fetch->heard(fetch->context);
}

static const struct fetcher_ops fetcher_ops = {
	.headers = take_headers,
	.entry = take_entry,
	.file = take_file,
	.dropped = take_dropped,
	.heard = hear,
};

void docfetch_start(struct docfetch *fetch, const struct document *document,
		    bool listed, size_t room, const char *user_agent)
{
	struct fetchwire_request request;

	fetch->unchanged = false;
	fetch->room = room;
	provision_clear(&fetch->said);
	fetcher_make_request(&fetch->fetcher, &request, FETCHWIRE_SETTINGS);
	request.listed = listed;
	text_copy(request.url, sizeof(request.url), document->url);
	text_copy(request.user_agent, sizeof(request.user_agent), user_agent);
	text_copy(request.etag, sizeof(request.etag), document->etag);
	text_copy(request.modified, sizeof(request.modified),
		  document->modified);
	fetcher_start(&fetch->fetcher, &request);
}

const struct verdict *docfetch_verdict(const struct docfetch *fetch)
{
	return &fetch->fetcher.verdict;
}

void docfetch_give(struct docfetch *fetch, struct document *document)
{
	if (!fetch->unchanged) {
		text_copy(document->etag, sizeof(document->etag), fetch->etag);
		text_copy(document->modified, sizeof(document->modified),
			  fetch->modified);
	}
	document_succeed(document, fetch->unchanged, &fetch->said);
}

void docfetch_stop(struct docfetch *fetch)
{
	fetcher_stop(&fetch->fetcher);
	provision_clear(&fetch->said);
}

void docfetch_open(struct docfetch *fetch, const struct fetcher_needs *needs,
		   void (*heard)(void *context), void *context)
{
	memset(fetch, 0, sizeof(*fetch));
	fetch->heard = heard;
	fetch->context = context;
	fetcher_open(&fetch->fetcher, needs, &fetcher_ops, fetch);
}
