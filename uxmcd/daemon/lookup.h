/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A lookup of what is provisioned, as a state machine, and when it is due.
 *
 *	none -> setting_server -> firmware_status -> rules -> none
 *
 * A setting_server that its own files have changed is looked at again at once, a few
 * times. A file that cannot be had or understood is left for later. Nothing is decided unless
 * it is known what is provisioned, and that is known if it is known what firmware_status
 * says or, if that is not set, setting_server: picture.h says when. With both, it is
 * enough of setting_server that none of the files that its file names might say
 * anything, since what it said before is stored; but all has to be known of it if
 * firmware_uxm is from there.
 */
#ifndef UXMC_LOOKUP_H
#define UXMC_LOOKUP_H

#include "rules.h"
#include "source.h"

/* What to look at; the rules are always looked at after firmware_status. */
#define LOOKUP_SERVER	1u
#define LOOKUP_STATUS	2u
#define LOOKUP_RULES	4u
/* Files whose time it is not, too; and those whose server is to be left alone */
#define LOOKUP_NOT_DUE	8u
#define LOOKUP_PAUSED	16u
#define LOOKUP_PLUGGED	(LOOKUP_SERVER | LOOKUP_STATUS | LOOKUP_NOT_DUE)
#define LOOKUP_ALL	(LOOKUP_PLUGGED | LOOKUP_PAUSED)

enum lookup_state {
	LOOKUP_IDLE,
	LOOKUP_AT_SERVER,
	LOOKUP_AT_STATUS,
	LOOKUP_AT_RULES,
};

/**
 * struct lookup_ops - what is asked and told
 * @decide: the rules are to be applied to the URL that is provisioned, and what
 *	they say is to be done
 * @ended: it has ended, and there is none to follow
 */
struct lookup_ops {
	void (*decide)(void *context, const char *url,
		       struct rules_verdict *verdict);
	void (*ended)(void *context);
};

/**
 * struct lookup - see above
 * @state: changed by enter() alone
 * @what: it is at, of LOOKUP_...
 * @why: for the log
 * @again: what to look at with the next lookup; 0: none is pending
 * @again_why: for the log
 * @moves: how often this one has found setting_server changed
 * @begun: the first lookup has begun
 * @clock_set: since this one began
 * @all_due: when all is to be looked at (loop_now()): the first time, and when
 *	modules were plugged in; SOURCE_NEVER
 * @rules_due: when the rules are worth another lookup; SOURCE_NEVER
 * @timer: of the next lookup
 * @setting_server: its files
 * @firmware_status: its files
 * @decided: the last lookup came to a decision, which is @verdict
 * @verdict: what came of the rules
 */
struct lookup {
	enum lookup_state state;
	unsigned int what;
	const char *why;
	unsigned int again;
	const char *again_why;
	unsigned int moves;
	bool begun;
	bool clock_set;
	uint64_t all_due;
	uint64_t rules_due;
	struct loop *loop;
	struct loop_timer timer;
	const struct config *config;
	const struct settings *settings;
	struct source setting_server;
	struct source firmware_status;
	bool decided;
	struct rules_verdict verdict;
	const struct lookup_ops *ops;
	void *context;
};

void lookup_open(struct lookup *lookup, struct loop *loop,
		 const struct source_needs *needs,
		 const struct lookup_ops *ops, void *context);
void lookup_close(struct lookup *lookup);

/* The modules are known: the first lookup may be made when it is due. */
void lookup_start(struct lookup *lookup);

/* Asks for one, with the next lookup_continue(). */
void lookup_begin(struct lookup *lookup, unsigned int what, const char *why);

/* Begins what was asked for, after the one that is under way. */
void lookup_continue(struct lookup *lookup);

/* A module that was not there has appeared. */
void lookup_plugged(struct lookup *lookup);

/* A person has changed a setting. */
void lookup_setting_changed(struct lookup *lookup, enum setting_id id);

/* To a time that can be; @was_unset: the one before could not. */
void lookup_clock_set(struct lookup *lookup, bool was_unset);

/* Under way, or about to be: its end has not been told yet. */
bool lookup_is_active(const struct lookup *lookup);

/* The one of which it is not known what is provisioned; NULL: that is known. */
const struct source *lookup_obstacle(const struct lookup *lookup);

/* The URL that is provisioned now; empty if none is. */
const char *lookup_url(const struct lookup *lookup);

/* The pin of its image; empty if it has none. */
const char *lookup_pin(const struct lookup *lookup);

/* The phones that it is for. */
struct rollout lookup_rollout(const struct lookup *lookup);

/* How the last one ended: a word for scripts. */
const char *lookup_word(const struct lookup *lookup);

#endif
