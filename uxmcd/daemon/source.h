/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one setting leads to on a server, setting_server or firmware_status: a file, or
 * one that names others, or two in a directory; and what they say together.
 */
#ifndef UXMC_SOURCE_H
#define UXMC_SOURCE_H

#include "docfetch.h"
#include "docreport.h"
#include "documents.h"
#include "modules.h"
#include "picture.h"
#include "store.h"

#define SOURCE_NEVER	UINT64_MAX

/* What it is given. */
struct source_needs {
	const struct config *config;
	struct store *store;
	const struct modules *modules;
	struct fetcher_needs fetcher;
};

/* Which of its files a look is at; one that was never looked at always is. */
enum source_which {
	SOURCE_DUE,	/* those whose time it is */
	SOURCE_UNPAUSED,	/* all but those whose server is to be left alone */
	SOURCE_ALL,
};

/**
 * struct source - see above
 * @earlier: the one that this one takes precedence over; NULL if there is none
 * @later: the one that takes precedence over this one; likewise
 * @setting: the setting that holds its URL
 * @origin: what the settings in it come from
 * @url: that it was last looked at; NULL
 * @documents: the files
 * @fetch: of the file at @at
 * @at: the place that the look is at; NULL: no look is under way
 * @which: files the look is at
 * @regular: those that have not failed are among them
 * @begun: when the last look was (loop_now())
 * @heard: a file of it was good
 * @down: a file of it whose server could not be reached; NULL
 * @cut: why some of the files have no place; NULL if all have one
 * @picture: what the files say together
 * @known: that is all there is to know, as of the last look
 * @idle: the last look had nothing to look at, or was at something else
 * @changed: the last look found something new
 * @looked: when it was last looked at regularly (loop_now()); 0: never
 * @error: positive errno of what keeps it from being known; 0
 * @report: the sentence that says how the last look went
 */
struct source {
	struct source_needs needs;
	struct source *earlier;
	const struct source *later;
	enum setting_id setting;
	enum setting_origin origin;
	char *url;
	struct documents documents;
	struct docfetch fetch;
	struct place *at;
	enum source_which which;
	bool regular;
	uint64_t begun;
	bool heard;
	const struct document *down;
	const char *cut;
	struct picture picture;
	bool known;
	bool idle;
	bool changed;
	uint64_t looked;
	int error;
	char report[DOCREPORT_SIZE];
};

/*
 * @earlier and @later may be filled in afterwards. @heard is called while a file is
 * fetched, when something has come or that is over.
 */
void source_open(struct source *source, const struct source_needs *needs,
		 enum setting_id setting, enum setting_origin origin,
		 void (*heard)(void *context), void *context);
void source_close(struct source *source);

/* There is a URL to look at. */
bool source_is_set(const struct source *source);

/* A look begins. False: it has ended. */
bool source_begin(struct source *source, enum source_which which);

/* Has the file that was waited for been fetched, well or not? */
bool source_is_fetched(const struct source *source);

/* Takes it, and goes on. False: the look has ended. */
bool source_take(struct source *source);

/* What was looked at says that the files are somewhere else. */
bool source_has_moved(const struct source *source);

/* There is more to know than was looked at, for the reason given. */
void source_cut(struct source *source, const char *why);

/* It is not looked at this time, for the reason given. */
void source_pass(struct source *source, const char *why);

/* When it, or one of its files, is to be looked at again (loop_now()); SOURCE_NEVER */
uint64_t source_due(const struct source *source);
uint64_t source_due_of(const struct source *source,
		       const struct document *document);

#endif
