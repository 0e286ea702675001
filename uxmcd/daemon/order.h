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
