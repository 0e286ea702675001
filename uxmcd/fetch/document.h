/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small file on a server, fetched into memory, and from the second time on only
 * if it has changed (RFC 9110, section 13.1).
 */
#ifndef UXMC_DOCUMENT_H
#define UXMC_DOCUMENT_H

#include "transfer.h"

/**
 * struct document - the file, and what is known of it
 * @transfer: first, for container_of()
 * @url: that it was last fetched from, with {mac} expanded
 * @etag: of the version that was understood last, weak or not; empty if not known
 * @modified: likewise, its Last-Modified
 * @data: what came, @size bytes of it in @room; until document_drop()
 */
struct document {
	struct transfer transfer;
	char url[URL_MAX + 1];
	char etag[128];
	char modified[64];
	char *data;
	size_t size;
	size_t room;
};

/* @heard is called when something has come, and when it is over. */
void document_open(struct document *document, struct multi *multi,
		   const struct config *config, void (*heard)(void *context),
		   void *context);

/* -ENOMEM */
int document_start(struct document *document, const char *url,
		   const char *user_agent);

/* The server says that it is what it was. */
bool document_is_unchanged(const struct document *document);

/* What came was understood: it need not come again. */
void document_accept(struct document *document);

/* It is not known any more what the file was. */
void document_forget(struct document *document);

/* Frees what came; ends a transfer that runs. */
void document_drop(struct document *document);

#endif
