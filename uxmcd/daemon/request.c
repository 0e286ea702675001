// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "log.h"
#include "request.h"
#include "sentence.h"
#include "text.h"
#include "uxmcd.h"

static void apply_rules(const struct uxmcd *daemon, const char *model,
			const struct request *request,
			struct rules_decision *decision)
{
	const char *slash = strrchr(request->url, '/');
	struct rules_facts facts = {
		.modules = daemon->modules.count,
		.model = model,
		.mac = daemon->config.phone_mac,
		.phone_firmware = daemon->config.phone_firmware,
	};

	if (request->source < 0)
		facts.url = request->url;
	else
		facts.file = slash ? slash + 1 : request->url;
	rules_manual(&facts, decision);
}

/* A job that waits for its module must not stand in the way of a new one. */
static void make_way(struct uxmcd *daemon)
{
	if (daemon->job.state == JOB_WAIT)
		job_abandon(daemon, "another update was asked for");
}

static void refuse(struct uxmcd *daemon, const struct module *module,
		   const char *sentence, int error)
{
	int ret;

	ret = netlink_report_failed(&daemon->netlink, module->id, sentence,
				    error);
	if (ret)
		log_debug("uxmc%u: the refusal came too late: %s", module->id,
			  strerror(-ret));
}

void request_from_driver(struct uxmcd *daemon, const struct module *module)
{
	struct request request = { .url = module->url, .source = -1 };
	struct rules_decision decision;

	if (job_is_active(&daemon->job)) {
		log_warning("uxmc%u: refused (busy): another module is being updated",
			    module->id);
		refuse(daemon, module,
		       "another module is being updated: wait until that has ended",
		       EBUSY);
		return;
	}

	apply_rules(daemon, module->model, &request, &decision);
	if (decision.code != RULES_ALLOWED) {
		log_warning("uxmc%u: refused (%s): %s", module->id,
			    rules_code_name(decision.code), decision.sentence);
		refuse(daemon, module, decision.sentence, decision.error);
		return;
	}
	make_way(daemon);
	job_begin(daemon, module, &decision, module->url, -1);
}

static enum reply say(struct rules_decision *decision, enum reply reply,
		      const char *sentence)
{
	text_format(decision->sentence, sizeof(decision->sentence), "%s",
		    sentence);
	return reply;
}

bool request_is_busy(const struct uxmcd *daemon)
{
	return modules_find_busy(&daemon->modules) ||
	       job_is_active(&daemon->job);
}

enum reply request_check(struct uxmcd *daemon, const struct request *request,
			 struct rules_decision *decision, const char **word)
{
	const struct modules *modules = &daemon->modules;

	*word = "no-driver";
	if (!daemon->netlink.family)
		return say(decision, REPLY_NO_DRIVER, SENTENCE_NO_DRIVER);
	*word = "busy";
	if (request_is_busy(daemon))
		return say(decision, REPLY_BUSY,
			   "an update is under way: wait for it, or cancel it");

	apply_rules(daemon, modules->count ? modules->list[0].model : "",
		    request, decision);
	*word = rules_code_name(decision->code);
	if (decision->code == RULES_ALLOWED) {
		make_way(daemon);
		return REPLY_OK;
	}
	log_warning("refused (%s): %s", *word, decision->sentence);
	return decision->code == RULES_NO_MODULE ? REPLY_NO_MODULE :
						   REPLY_REFUSED;
}

void request_begin(struct uxmcd *daemon, const struct request *request,
		   const struct rules_decision *decision)
{
	job_begin(daemon, &daemon->modules.list[0], decision, request->url,
		  request->source);
}
