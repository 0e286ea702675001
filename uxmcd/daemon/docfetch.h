/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fetches a settings file, from the second time on only if it has changed (RFC 9110,
 * section 13.1).
 */
#ifndef UXMC_DOCFETCH_H
#define UXMC_DOCFETCH_H

#include "document.h"
#include "fetcher.h"

/**
 * struct docfetch - the fetch that is under way, or the last one
 * @room: bytes that the file may say
 * @unchanged: the server says that it is what it was
 * @etag: of what comes, weak or not; empty if it has none
 * @modified: likewise, its Last-Modified
 * @said: what it says, unless it is unchanged
 */
struct docfetch {
	struct fetcher fetcher;
	void (*heard)(void *context);
	void *context;
	size_t room;
	bool unchanged;
	char etag[FETCHWIRE_ETAG_SIZE];
	char modified[FETCHWIRE_MODIFIED_SIZE];
	struct provision said;
};

/* @heard is called when something has come, and when it is over. */
void docfetch_open(struct docfetch *fetch, const struct fetcher_needs *needs,
		   void (*heard)(void *context), void *context);

/* Of another version than is known of it. May be over at once; no @heard then. */
void docfetch_start(struct docfetch *fetch, const struct document *document,
		    bool listed, size_t room, const char *user_agent);

/* How it goes, or went. */
const struct verdict *docfetch_verdict(const struct docfetch *fetch);

/* It is complete: the document has what came. */
void docfetch_give(struct docfetch *fetch, struct document *document);

/* Ends one that is under way. */
void docfetch_stop(struct docfetch *fetch);

#endif
