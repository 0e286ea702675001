/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A provisioning file on a server: setting_server's, or firmware_status'.
 */
#ifndef UXMC_SOURCE_H
#define UXMC_SOURCE_H

#include "document.h"
#include "provision.h"
#include "settings.h"

struct uxmcd;

#define SOURCE_NEVER	UINT64_MAX

/**
 * struct source - the file, and what it said
 * @setting: the setting that holds its URL
 * @origin: what the settings in it come from
 * @document: the file
 * @known: @provision is what it says
 * @provision: all empty if not known
 * @idle: the last look had nothing to look at, or was at something else
 * @changed: the last look found something new
 * @looked: when it was last looked at (timer_now()); 0: never
 * @failures: since it was last understood
 * @pause: until the next look after these, in milliseconds
 * @error: positive errno of the last look; 0 if it went well
 * @report: the sentence that says how the last look went
 */
struct source {
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

void source_open(struct source *source, CURLM *multi,
		 const struct config *config, enum setting_id setting,
		 enum setting_origin origin);
void source_close(struct source *source);

/* There is a URL to look at. */
bool source_is_set(const struct uxmcd *daemon, const struct source *source);

/* Begins to fetch it. False: there is nothing to wait for, @error says why. */
bool source_begin(struct uxmcd *daemon, struct source *source);

/* What was fetched: understands it and puts it into force, or notes why not. */
void source_take(struct uxmcd *daemon, struct source *source);

/* It is not looked at this time, for the reason given. */
void source_pass(struct source *source, const char *why);

/*
 * When it is to be looked at again (timer_now()), if regularly every @interval
 * milliseconds; 0: not regularly. SOURCE_NEVER.
 */
uint64_t source_due(const struct source *source, uint64_t interval);

#endif
