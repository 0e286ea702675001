// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "claim.h"

#define REPORT_INTERVAL	250
#define REPORT_MARGIN	10000

/* NULL if it is not there. */
static struct module *find_module(const struct claim *claim)
{
	return modules_find_at(&claim->driver->modules, claim->record->port,
			       claim->record->serial);
}

/* The driver refused a request. */
static int note_refusal(struct claim *claim, int ret)
{
	const char *refusal = claim->driver->netlink.refusal;

	return failure_note(claim->failure, ret, "%s",
			    *refusal ? refusal : strerror(-ret));
}

static int note_module(struct claim *claim, const struct module *module)
{
	return failure_note(claim->failure, (int)module->error, "%s",
			    module->message);
}

static bool has_request(const struct claim *claim, const struct module *module)
{
	return (module->state == UXMC_STATE_REQUESTED ||
		module->state == UXMC_STATE_FETCHING) &&
	       !strcmp(module->url, claim->record->url);
}

/* The driver knew of it, and does not any more: cancelled, or unplugged. */
static int note_gone(struct claim *claim, const struct module *module)
{
	return module->state == UXMC_STATE_FAILED ?
	       note_module(claim, module) : failure_abandoned(claim->failure);
}

static int request(struct claim *claim, struct module *module)
{
	int ret = netlink_request(&claim->driver->netlink, module->id,
				  claim->record->url);

	if (ret)
		return note_refusal(claim, ret);
	return driver_refresh(claim->driver, module) ?
	       failure_no_module(claim->failure) : 0;
}

int claim_announce(struct claim *claim)
{
	struct module *module = find_module(claim);
	struct journal *record = claim->record;
	bool known = record->announced;
	int ret = 0;

	if (!module || driver_refresh(claim->driver, module))
		return failure_no_module(claim->failure);
	if (!has_request(claim, module))
		ret = known ? note_gone(claim, module) :
			      request(claim, module);
	if (ret)
		return ret;
	record->announced = 1;
	ret = known ? 0 : journal_write(record, claim->store->dir);
	return ret ? failure_no_journal(claim->failure, ret) : 0;
}

/*
 * A report was refused: most likely the update was cancelled. Of a module that has
 * gone a notification is on its way, which says more.
 */
static int note_state(struct claim *claim, struct module *module, int ret)
{
	int gone;

	note_refusal(claim, ret);
	gone = driver_refresh(claim->driver, module);
	if (gone == -ENODEV)
		return 0;
	if (!gone && module->state == UXMC_STATE_FAILED)
		note_module(claim, module);
	return ret;
}

uint64_t claim_report_in(const struct claim *claim)
{
	uint64_t since = loop_now() - claim->reported;

	return since < REPORT_INTERVAL ? REPORT_INTERVAL - since : 0;
}

int claim_report(struct claim *claim, uint64_t done, uint64_t delay)
{
	const struct config *config = claim->config;
	struct module *module = find_module(claim);
	int ret;

	if (!module)
		return failure_no_module(claim->failure);
	claim->reported = loop_now();
	ret = netlink_report_fetching(&claim->driver->netlink, module->id,
				      done, claim->record->size,
				      (uint32_t)(config->connect_timeout +
						 config->stall_timeout + delay +
						 REPORT_MARGIN));
	return ret ? note_state(claim, module, ret) : 0;
}

/*
 * Of what nobody asked for, each flash is on the disk before it is begun: no restart
 * and no full disk makes it uncounted.
 */
static int count_flash(struct claim *claim)
{
	const struct journal *record = claim->record;
	struct attempts *attempts = &claim->store->attempts;
	const struct attempts_target target = journal_target(record);
	int ret;

	if (!record->provisioned)
		return 0;
	if (attempts_worn(attempts, &target, loop_now()) ||
	    attempts_day_wait(attempts, &target, loop_now()))
		return failure_note(claim->failure, EDQUOT,
				    "the module was flashed too often without being asked: use uxmcctl update to update it all the same");
	attempts_flash(attempts, &target, record->etag, record->modified,
		       loop_now());
	ret = attempts_store(attempts, claim->store->dir, loop_now());
	return !ret ? 0 :
	       failure_note(claim->failure, ret,
			    "that the module is flashed cannot be stored in %s: %s; nothing that nobody asked for is begun then",
			    claim->config->state_dir, strerror(-ret));
}

int claim_flash(struct claim *claim)
{
	const struct journal *record = claim->record;
	struct module *module = find_module(claim);
	int ret;

	if (!module)
		return failure_no_module(claim->failure);
	if (module_is_flashing(module) && !strcmp(module->file, record->name))
		return 0;
	ret = claim_announce(claim);
	if (!ret)
		ret = count_flash(claim);
	if (ret)
		return ret;
	ret = netlink_flash(&claim->driver->netlink, module->id, record->name,
			    record->expect);
	if (ret)
		return note_refusal(claim, ret);
	/* From here on events tell; one that has gone will be told of, too. */
	driver_refresh(claim->driver, module);
	return 0;
}

void claim_withdraw(struct claim *claim)
{
	struct module *module = find_module(claim);

	if (!module || driver_refresh(claim->driver, module) ||
	    !has_request(claim, module))
		return;
	netlink_report_failed(&claim->driver->netlink, module->id,
			      claim->failure->message, claim->failure->error);
	/* Who decides what comes next is not to see it under way still. */
	driver_refresh(claim->driver, module);
}
