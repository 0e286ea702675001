/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests for an update: the rules are applied, and a job is begun.
 */
#ifndef UXMC_REQUEST_H
#define UXMC_REQUEST_H

#include "module.h"
#include "reply.h"
#include "rules.h"

struct uxmcd;

/**
 * struct request - what a user asks for
 * @url: or path of the file
 * @source: descriptor of the file; -1 for a URL
 */
struct request {
	const char *url;
	int source;
};

/* The driver was asked: begins the job, or tells the driver why not. */
void request_from_driver(struct uxmcd *daemon, const struct module *module);

/*
 * May it be done? If not, @word and the sentence in @decision say why; if so, a
 * job that waits for its module has been given up for it.
 */
enum reply request_check(struct uxmcd *daemon, const struct request *request,
			 struct rules_decision *decision, const char **word);

/* An update is under way, be it uxmcd's or not. */
bool request_is_busy(const struct uxmcd *daemon);

/* Begins what request_check() has found good; takes the descriptor over. */
void request_begin(struct uxmcd *daemon, const struct request *request,
		   const struct rules_decision *decision);

#endif
