/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules of an update: pure, from what is known to a decision.
 */
#ifndef UXMC_RULES_H
#define UXMC_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decision.h"
#include "rollout.h"
#include "setting.h"

#define RULES_STEPS_MAX		64

/**
 * struct rules_facts - what a decision about a manual update is made from
 * @modules: how many modules are present
 * @model: of the module, "D7C"
 * @url: as asked for, {mac} not expanded; NULL if a file is to be flashed
 * @file: the file's name without directory, where there is no URL
 * @mac: of the phone, twelve digits; empty if not known
 * @phone_firmware: empty if not known
 * @https_only: no URL of http is good
 * @runs: version that the module runs; empty if not known, NULL in DFU mode
 * @minimum_version: of images; NULL or empty: any
 * @no_downgrade: an image older than what the module runs is refused
 */
struct rules_facts {
	size_t modules;
	const char *model;
	const char *url;
	const char *file;
	const char *mac;
	const char *phone_firmware;
	bool https_only;
	const char *runs;
	const char *minimum_version;
	bool no_downgrade;
};

/**
 * struct rules_module - a module that a provisioned update may be for
 * @name: "uxmc0"
 * @model: "D7C"
 * @firmware_uxm: what counts for it, {mac} not expanded; empty: none
 * @dfu: it is in DFU mode
 * @runs: the version that it runs, else; empty if not known
 * @retry_in: milliseconds until the URL may be tried on it again; 0: now
 * @day_wait: milliseconds until it may be flashed at all on this day; 0: now
 * @worn: it was flashed from the URL as often as it may be
 * @confirmed: a person wants the update of it from the URL
 * @denied: a person does not, or has cancelled it
 */
struct rules_module {
	const char *name;
	const char *model;
	const char *firmware_uxm;
	bool dfu;
	const char *runs;
	uint64_t retry_in;
	uint64_t day_wait;
	bool worn;
	bool confirmed;
	bool denied;
};

/**
 * struct rules_provisioned - what a decision about a provisioned update is made from
 * @modules: those that are present
 * @count: how many
 * @policy: update_policy
 * @kept_by_user: the user has set firmware_uxm, whose permission is "!"
 * @busy: an update is under way
 * @chain: several modules are updated one after another
 * @url: as provisioned, {mac} not expanded; empty: none
 * @rollout: the phones that it is for
 * @mac: of the phone, twelve digits; empty if not known
 * @phone_firmware: empty if not known
 * @https_only: no URL of http is good
 * @server_pause: milliseconds that the URL's server wants to be left alone for; 0: none
 * @minimum_version: of images; NULL or empty: any
 * @no_downgrade: an image older than what the module runs is refused
 */
struct rules_provisioned {
	const struct rules_module *modules;
	size_t count;
	enum update_policy policy;
	bool kept_by_user;
	bool busy;
	bool chain;
	const char *url;
	struct rollout rollout;
	const char *mac;
	const char *phone_firmware;
	bool https_only;
	uint64_t server_pause;
	const char *minimum_version;
	bool no_downgrade;
};

/**
 * struct rules_step - a rule that was looked at, for those who want to know why
 * @rule: its name: "policy"
 * @passed: it is no obstacle
 * @text: what was found; never empty
 */
struct rules_step {
	const char *rule;
	bool passed;
	char text[RULES_SENTENCE_MAX + 1];
};

/**
 * struct rules_steps - the rules that were looked at, in order
 * @count: how many
 * @list: the last one decided; of more than fit the later ones are missing, but
 *	for the last
 */
struct rules_steps {
	size_t count;
	struct rules_step list[RULES_STEPS_MAX];
};

/**
 * struct rules_verdict - what came of the rules
 * @decision: what they say
 * @steps: which were looked at
 * @retry_in: milliseconds after which they are worth another look; 0: not by itself
 */
struct rules_verdict {
	struct rules_decision decision;
	struct rules_steps steps;
	uint64_t retry_in;
};

/* An update that a person asks for, by URL or by file. */
void rules_manual(const struct rules_facts *facts,
		  struct rules_decision *decision);

/*
 * What can be said before there is a URL: all rules that are not about it, of which the
 * first that is not passed is the decision. @busy: an update is under way.
 */
void rules_before(const struct rules_facts *facts, bool busy,
		  struct rules_decision *decision, struct rules_steps *steps);

/*
 * Which module is to be updated to what is provisioned, or why none. @chosen is its
 * index if the code is RULES_ALLOWED or RULES_ASK. @steps may be NULL.
 *
 * In a chain a module that is not to be updated does not hold up the next one. If
 * none is, the decision is that of the one that most wants attention: one that
 * waits to be confirmed, one whose update failed, one that was flashed often enough,
 * one refused by a person, by the phone's version, by the image's version, by its name;
 * the last is one that has got it already.
 */
void rules_provisioned(const struct rules_provisioned *facts,
		       struct rules_decision *decision, size_t *chosen,
		       struct rules_steps *steps);

#endif
