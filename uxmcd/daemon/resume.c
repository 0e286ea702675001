// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "resume.h"

bool resume_fits(const struct journal *journal, const struct module *module)
{
	struct imagename image;

	return !imagename_parse(journal->name, &image) &&
	       !strcmp(image.model, module->model);
}

/* The update failed before the driver's turn came. */
static bool failed_early(const struct module *module)
{
	static const char requested[] = "requested:";
	static const char fetching[] = "fetching:";

	return !strncmp(module->message, requested, strlen(requested)) ||
	       !strncmp(module->message, fetching, strlen(fetching));
}

/* A failure that is not the update's end: uxmcd itself was missed, or it is older. */
static enum resume decide_failed(const struct journal *journal,
				 const struct module *module)
{
	bool same_url = !strcmp(module->url, journal->url);

	if (!journal->announced)
		return RESUME_AGAIN;
	if (same_url && module->error == ECANCELED)
		return RESUME_FAIL;
	/* It was unplugged, and is back without firmware: it gets it. */
	if (journal->step == JOURNAL_FLASH &&
	    module->mode == UXMC_MODE_DFU && module->error == ENODEV)
		return RESUME_AGAIN;
	if (same_url && !(failed_early(module) && module->error == ETIMEDOUT))
		return RESUME_FAIL;
	return RESUME_AGAIN;
}

/* Has the module got what the update is for? Not known if it had it before. */
static bool runs_new_version(const struct journal *journal,
			     const struct module *module)
{
	return module->mode == UXMC_MODE_APPLICATION &&
	       !strcmp(module->version, journal->expect) &&
	       strcmp(journal->from, journal->expect);
}

static enum resume decide_idle(const struct journal *journal,
			       const struct module *module)
{
	if (journal->step == JOURNAL_FLASH &&
	    runs_new_version(journal, module))
		return RESUME_FINISH;
	return RESUME_AGAIN;
}

/* Before the flashing, an update that is done can only be an older one. */
static enum resume decide_done(const struct journal *journal,
			       const struct module *module)
{
	if (journal->step != JOURNAL_FLASH)
		return RESUME_AGAIN;
	return strcmp(module->file, journal->name) ? RESUME_DROP :
						     RESUME_FINISH;
}

enum resume resume_decide(const struct journal *journal,
			  const struct module *module)
{
	switch (module->state) {
	case UXMC_STATE_IDLE:
		return decide_idle(journal, module);
	case UXMC_STATE_REQUESTED:
	case UXMC_STATE_FETCHING:
		return strcmp(module->url, journal->url) ? RESUME_DROP :
							   RESUME_AGAIN;
	case UXMC_STATE_VERIFYING:
	case UXMC_STATE_DETACHING:
	case UXMC_STATE_DOWNLOADING:
	case UXMC_STATE_MANIFESTING:
	case UXMC_STATE_REBOOTING:
		return strcmp(module->file, journal->name) ? RESUME_DROP :
							     RESUME_FOLLOW;
	case UXMC_STATE_DONE:
		return decide_done(journal, module);
	case UXMC_STATE_FAILED:
		return decide_failed(journal, module);
	}
	return RESUME_DROP;
}

/* While it is uxmcd's turn the module stays in requested and fetching. */
enum resume resume_before_flash(const struct journal *journal,
				const struct module *module)
{
	switch (module->state) {
	case UXMC_STATE_REQUESTED:
	case UXMC_STATE_FETCHING:
		return strcmp(module->url, journal->url) ? RESUME_DROP :
							   RESUME_FOLLOW;
	case UXMC_STATE_FAILED:
		return RESUME_FAIL;
	case UXMC_STATE_IDLE:
	case UXMC_STATE_VERIFYING:
	case UXMC_STATE_DETACHING:
	case UXMC_STATE_DOWNLOADING:
	case UXMC_STATE_MANIFESTING:
	case UXMC_STATE_REBOOTING:
	case UXMC_STATE_DONE:
		return RESUME_DROP;
	}
	return RESUME_FOLLOW;
}

enum resume resume_at_flash(const struct journal *journal,
			    const struct module *module)
{
	switch (module->state) {
	case UXMC_STATE_VERIFYING:
	case UXMC_STATE_DETACHING:
	case UXMC_STATE_DOWNLOADING:
	case UXMC_STATE_MANIFESTING:
	case UXMC_STATE_REBOOTING:
		return RESUME_FOLLOW;
	case UXMC_STATE_DONE:
		return RESUME_FINISH;
	case UXMC_STATE_FAILED:
		return RESUME_FAIL;
	case UXMC_STATE_IDLE:
	case UXMC_STATE_REQUESTED:
	case UXMC_STATE_FETCHING:
		/* The next request may have come before its end was seen. */
		return runs_new_version(journal, module) ? RESUME_FINISH :
							   RESUME_DROP;
	}
	return RESUME_FOLLOW;
}
