/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a job goes on that was found in the journal: pure, from the journal and
 * the module as it is now.
 */
#ifndef UXMC_RESUME_H
#define UXMC_RESUME_H

#include "journal.h"
#include "module.h"

enum resume {
	RESUME_FOLLOW,	/* the driver is at it still */
	RESUME_FINISH,	/* it went well meanwhile */
	RESUME_FAIL,	/* it failed meanwhile, the driver knows why */
	RESUME_AGAIN,	/* take the journal's step again */
	RESUME_DROP,	/* the module has been given something else to do */
};

enum resume resume_decide(const struct journal *journal,
			  const struct module *module);

/* Has the module got what the job is for? Not known if it had it before. */
bool resume_runs_new_version(const struct journal *journal,
			     const struct module *module);

#endif
