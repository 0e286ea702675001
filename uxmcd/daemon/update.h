/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The update: the one that uxmcd has in hand, as a state machine.
 *
 *	none -> fetch or copy -> check -> flash -> done -> none
 *
 * Every state but none may also lead to failed, and so to none. A broken fetch
 * pauses, then fetches again. An update found in the journal waits for its module.
 */
#ifndef UXMC_UPDATE_H
#define UXMC_UPDATE_H

#include "claim.h"
#include "intake.h"
#include "rules.h"
#include "updatestate.h"

struct update;

/**
 * struct update_ops - what is told of it
 * @done: it has ended well
 * @failed: it has ended badly; @fetched: not for want of the image
 */
struct update_ops {
	void (*done)(void *context, const struct update *update);
	void (*failed)(void *context, const struct update *update, bool fetched);
};

/**
 * struct update_request - what is asked for
 * @url: of the image, {mac} not expanded; or the path of a file
 * @sha256: that it has to have, as pin_parse() gives it; NULL or empty: any
 * @provisioned: by no person
 * @is_file: its bytes come by update_take_file()
 * @size: how many
 * @signature_size: how many of its signature come in front of them; 0: it has none
 */
struct update_request {
	const char *url;
	const char *sha256;
	bool provisioned;
	bool is_file;
	uint64_t size;
	uint64_t signature_size;
};

/* What it is given. @keys: that images have to be signed with; none: they need not */
struct update_needs {
	const struct config *config;
	struct store *store;
	struct driver *driver;
	struct loop *loop;
	struct fetcher_needs fetcher;
	const struct keys *keys;
};

/**
 * struct update - see above
 * @state: changed by enter() alone
 * @record: what the journal keeps of it
 * @failure: why it failed
 * @intake: the image, on its way in
 * @claim: what the driver knows of it
 * @signature_size: bytes of the signature that come in front of a file
 * @timer: of the pause, of the next report of a fetch, of the next step of a check; for
 *	a file to go on
 * @began: when it was begun or taken up (loop_now())
 */
struct update {
	enum update_state state;
	struct journal record;
	struct failure failure;
	struct intake intake;
	struct claim claim;
	struct update_needs needs;
	struct loop_timer timer;
	size_t signature_size;
	uint64_t began;
	const struct update_ops *ops;
	void *context;
};

void update_open(struct update *update, const struct update_needs *needs,
		 const struct update_ops *ops, void *context);

/* The daemon is stopping: the journal keeps the update. */
void update_close(struct update *update);

/* There is none yet: begins one that the rules allow. */
void update_begin(struct update *update, const struct module *module,
		  const struct rules_decision *decision,
		  const struct update_request *request);

/* The next bytes of a file. */
void update_take_file(struct update *update, const char *data, size_t count);

/* No more of it comes. */
void update_lose_file(struct update *update);

/* Takes up what the journal holds; to be called once, before all else. */
void update_take_up(struct update *update);

/* Removes what earlier updates have left; after the modules are known. */
void update_sweep(const struct update *update);

/* The module is as it is in the table now, or gone from it. */
void update_module_changed(struct update *update, const struct module *module);
void update_module_removed(struct update *update, const struct module *module);

/* The driver was unloaded. */
void update_driver_unloaded(struct update *update);

/* Is there one that could make progress? */
bool update_is_active(const struct update *update);

/* Is that the module that it is for, and is it active? */
bool update_has(const struct update *update, const struct module *module);

/* Gives up one that waits for its module, if there is one. */
void update_make_way(struct update *update, const char *why);

/* The same because a person says so: false if there is none. */
bool update_cancel(struct update *update);

#endif
