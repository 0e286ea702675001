/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A settings file on a server, fetched from the second time on only if it has
 * changed (RFC 9110, section 13.1).
 */
#ifndef UXMC_DOCUMENT_H
#define UXMC_DOCUMENT_H

#include "fetcher.h"
#include "provision.h"

/**
 * struct document - the file, and what is known of it
 * @url: that it was last fetched from, with {mac} expanded
 * @etag: of the version that was last accepted, weak or not; empty if not known
 * @modified: likewise, its Last-Modified
 * @unchanged: the server says that it is what it was
 * @provision: else what it says, once its verdict is VERDICT_COMPLETE; may be taken
 */
struct document {
	struct fetcher fetcher;
	void (*heard)(void *context);
	void *context;
	char url[URL_MAX + 1];
	char etag[FETCHWIRE_ETAG_SIZE];
	char modified[FETCHWIRE_MODIFIED_SIZE];
	bool unchanged;
	char etag_now[FETCHWIRE_ETAG_SIZE];
	char modified_now[FETCHWIRE_MODIFIED_SIZE];
	struct provision provision;
};

/* @heard is called when something has come, and when it is over. */
void document_open(struct document *document, struct loop *loop,
		   const struct config *config, void (*heard)(void *context),
		   void *context);

/* It may be over at once, and @heard is not called then. */
void document_start(struct document *document, const char *url,
		    const char *user_agent);

/* How it goes, or went. */
const struct verdict *document_verdict(const struct document *document);

/* What came is good: it need not come again. */
void document_accept(struct document *document);

/* It is not known any more what the file was. */
void document_forget(struct document *document);

/* Ends a fetch that is under way. */
void document_stop(struct document *document);

#endif
