/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A provisioning file on a server: setting_server's, or firmware_status'.
 */
#ifndef UXMC_SOURCE_H
#define UXMC_SOURCE_H

#include "document.h"
#include "modules.h"
#include "provision.h"
#include "store.h"

#define SOURCE_NEVER	UINT64_MAX

/* What it is given. */
struct source_needs {
	const struct config *config;
	struct store *store;
	const struct modules *modules;
	struct loop *loop;
};

/**
 * struct source - the file, and what it said
 * @earlier: the file that this one takes precedence over; NULL if there is none
 * @later: the file that takes precedence over this one; likewise
 * @setting: the setting that holds its URL
 * @origin: what the settings in it come from
 * @document: the file
 * @known: @provision is what it says
 * @provision: all empty if not known
 * @idle: the last look had nothing to look at, or was at something else
 * @changed: the last look found something new
 * @looked: when it was last looked at (loop_now()); 0: never
 * @failures: since it was last understood
 * @pause: until the next look after these, in milliseconds
 * @error: positive errno of the last look; 0 if it went well
 * @report: the sentence that says how the last look went
 */
struct source {
	struct source_needs needs;
	struct source *earlier;
	const struct source *later;
	enum setting_id setting;
	enum setting_origin origin;
	struct document document;
	bool known;
	struct provision provision;
	bool idle;
	bool changed;
	uint64_t looked;
	unsigned int failures;
	uint64_t pause;
	int error;
	char report[256];
};

/*
 * @earlier and @later may be filled in afterwards. @heard is called while it is
 * fetched, when something has come or that is over.
 */
void source_open(struct source *source, const struct source_needs *needs,
		 enum setting_id setting, enum setting_origin origin,
		 void (*heard)(void *context), void *context);
void source_close(struct source *source);

/* There is a URL to look at. */
bool source_is_set(const struct source *source);

/* Begins to fetch it. False: there is nothing to wait for, @error says why. */
bool source_begin(struct source *source);

/* Has it been fetched, well or not? */
bool source_is_fetched(const struct source *source);

/* What was fetched: understands and applies it, or notes why not. */
void source_take(struct source *source);

/* It is not looked at this time, for the reason given. */
void source_pass(struct source *source, const char *why);

/*
 * When it is to be looked at again (loop_now()), if regularly every @interval
 * milliseconds; 0: not regularly. SOURCE_NEVER.
 */
uint64_t source_due(const struct source *source, uint64_t interval);

#endif
