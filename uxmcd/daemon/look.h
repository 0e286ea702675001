/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A look at what is provisioned, as a state machine, and when it is due.
 *
 *	none -> setting_server -> firmware_status -> rules -> none
 *
 * A file that cannot be had or understood is left for later; without a word of
 * firmware_status' nothing is decided.
 */
#ifndef UXMC_LOOK_H
#define UXMC_LOOK_H

#include "offer.h"
#include "source.h"

struct uxmcd;

/* What to look at; the rules are always looked at after firmware_status. */
#define LOOK_AT_SERVER	1u
#define LOOK_AT_STATUS	2u
#define LOOK_AT_RULES	4u
#define LOOK_AT_ALL	(LOOK_AT_SERVER | LOOK_AT_STATUS)

enum look_state {
	LOOK_NONE,
	LOOK_SERVER,
	LOOK_STATUS,
	LOOK_RULES,
};

/**
 * struct look - see above
 * @state: changed by look_enter() alone
 * @what: it is at, of LOOK_AT_...
 * @why: for the log
 * @again: what to look at after this look, and after the job
 * @again_why: for the log
 * @begun: the first look has begun
 * @all_due: when all is to be looked at (timer_now()): the first time, and when
 *	modules were plugged in; SOURCE_NEVER
 * @rules_due: when the rules are worth another look; SOURCE_NEVER
 * @timer: of the next look, or of a server's silence
 * @setting_server: the file
 * @firmware_status: the file
 * @decided: the last look came to a decision, which is @verdict
 * @verdict: what came of the rules
 */
struct look {
	enum look_state state;
	unsigned int what;
	const char *why;
	unsigned int again;
	const char *again_why;
	bool begun;
	uint64_t all_due;
	uint64_t rules_due;
	int timer;
	struct source setting_server;
	struct source firmware_status;
	bool decided;
	struct offer_verdict verdict;
};

/* Needs the settings; -errno. */
int look_open(struct uxmcd *daemon);
void look_close(struct uxmcd *daemon);

/* The modules are known: the first look may be made when it is due. */
void look_start(struct uxmcd *daemon);

/* Looks with the next look_step(), or after the look or the job under way. */
void look_begin(struct uxmcd *daemon, unsigned int what, const char *why);

/* A module that was not there has appeared. */
void look_plugged(struct uxmcd *daemon);

/* A person has changed a setting. */
void look_setting_changed(struct uxmcd *daemon, enum setting_id id);

/* The timer ran out. */
void look_timer(struct uxmcd *daemon);

/* Does what can be done without waiting. */
void look_step(struct uxmcd *daemon);

/* Under way, or about to be: its end has not been told yet. */
bool look_is_active(const struct look *look);

/* Does it want look_step() to be called without anything to wait for? */
bool look_is_eager(const struct uxmcd *daemon);

/* How the last look ended: a word for scripts. */
const char *look_word(const struct look *look);

#endif
