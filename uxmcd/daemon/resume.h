/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the module's state says of the update in hand: pure, from the journal and the
 * module as it is now.
 */
#ifndef UXMC_RESUME_H
#define UXMC_RESUME_H

#include "journal.h"
#include "module.h"

enum resume {
	RESUME_FOLLOW,	/* all is as it should be: it is under way still */
	RESUME_FINISH,	/* it went well meanwhile */
	RESUME_FAIL,	/* it failed meanwhile, the driver knows why */
	RESUME_AGAIN,	/* take the journal's step again */
	RESUME_DROP,	/* the module has been given something else to do */
};

/* Is it for such a module? Where there are no serial numbers, another may be there. */
bool resume_fits(const struct journal *journal, const struct module *module);

/* One that was found in the journal: where to take it up. */
enum resume resume_decide(const struct journal *journal,
			  const struct module *module);

/* One that is fetched or copied: it is uxmcd's turn. */
enum resume resume_before_flash(const struct journal *journal,
				const struct module *module);

/* One that is flashed: it is the driver's turn. */
enum resume resume_at_flash(const struct journal *journal,
			    const struct module *module);

#endif
