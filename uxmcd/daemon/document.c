// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "text.h"

struct document *document_new(const char *url)
{
	size_t length = strlen(url) + 1;
	struct document *document;

	document = calloc(1, sizeof(*document) + length);
	if (document)
		memcpy(document->url, url, length);
	return document;
}

void document_free(struct document *document)
{
	provision_clear(&document->said);
	free(document);
}

void document_forget(struct document *document)
{
	provision_clear(&document->said);
	document->known = false;
	*document->etag = '\0';
	*document->modified = '\0';
}

static void end_look(struct document *document, enum document_outcome outcome,
		     int error, const char *sentence)
{
	document->outcome = outcome;
	document->error = error;
	text_format(document->report, sizeof(document->report), "%s", sentence);
}

void document_succeed(struct document *document, bool unchanged,
		      struct provision *said)
{
	document->unchanged = unchanged;
	if (!unchanged) {
		provision_move(&document->said, said);
		document->known = true;
	}
	document->failures = 0;
	end_look(document, DOCUMENT_GOOD, 0, "");
}

static bool has_lasted(const struct document *document, uint64_t now)
{
	return document->failing_since + DOCUMENT_PATIENCE <= now;
}

void document_fail(struct document *document, bool missing, int error,
		   const char *sentence, uint64_t now)
{
	if (!document->failures++)
		document->failing_since = now;
	end_look(document, missing ? DOCUMENT_MISSING : DOCUMENT_BAD, error,
		 sentence);
	if (missing && has_lasted(document, now))
		document_forget(document);
}

void document_miss(struct document *document)
{
	end_look(document, DOCUMENT_MISSING, 0, "not there, which is fine");
}

bool document_is_paused(const struct document *document, uint64_t now)
{
	return document->failures && now < document->looked + document->pause;
}

bool document_is_open(const struct document *document, uint64_t now)
{
	return document->outcome == DOCUMENT_BAD && !document->known &&
	       !has_lasted(document, now);
}
