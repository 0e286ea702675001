/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What uxmcctl check is told of a lookup.
 */
#ifndef UXMC_EXPLAIN_H
#define UXMC_EXPLAIN_H

#include "control.h"
#include "lookup.h"

/* All of it, to a client that waited for its end. */
void explain(struct control_client *client, const struct lookup *lookup,
	     bool driver_is_loaded);

/* The rules alone. */
void explain_rules(struct control_client *client,
		   const struct rules_steps *steps);

#endif
