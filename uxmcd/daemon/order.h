/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A request of a client, and what it may be about, for what serves its verb.
 */
#ifndef UXMC_ORDER_H
#define UXMC_ORDER_H

#include "access.h"
#include "control.h"
#include "counts.h"
#include "gate.h"
#include "lookup.h"
#include "saver.h"

/**
 * struct verbs - what they are about
 * @has_web_user: there is one: @web_user
 * @web_user: who serves the web pages
 */
struct verbs {
	struct store *store;
	struct driver *driver;
	struct update *update;
	struct lookup *lookup;
	struct consent *consent;
	const struct gate *gate;
	const struct publish *publish;
	struct saver *saver;
	struct access *access;
	const struct counts *counts;
	bool has_web_user;
	uid_t web_user;
};

/**
 * struct order - see above
 * @verbs: what they are about
 * @argument: what follows the verb
 */
struct order {
	const struct verbs *verbs;
	struct control_client *client;
	const char *argument;
};

#define answer(order, ...)	control_answer((order)->client, __VA_ARGS__)

#endif
