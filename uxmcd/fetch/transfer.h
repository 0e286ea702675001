/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One try to fetch something by HTTP. Nothing is retried here, and nothing waits.
 */
#ifndef UXMC_TRANSFER_H
#define UXMC_TRANSFER_H

#include <curl/curl.h>
#include <stdbool.h>

#include "answer.h"
#include "config.h"
#include "multi.h"
#include "verdict.h"

struct transfer;

/**
 * struct transfer_ops - what is done with what comes; false: it has been given up,
 *	and verdict_note() told why
 * @accept: the headers of an answer with a good status are complete
 * @take: so many bytes of its body
 */
struct transfer_ops {
	bool (*accept)(struct transfer *transfer);
	bool (*take)(struct transfer *transfer, const char *data, size_t count);
};

/**
 * struct transfer - the try that is under way, or the last one
 * @heard: is called when something has come, and when it is over
 * @statuses: that are good, ended by 0
 * @silence: runs until the server must be heard of
 * @size: of the whole, in bytes; 0 if not known
 * @have: bytes of it that are there
 * @answer: the headers that came last
 * @headers: bytes of all headers so far
 * @began: when it was started (loop_now())
 * @asked: the connection stands and the request is on its way
 * @last: when anything came from the server
 * @retry_after: seconds that the server asked to be left alone for; 0: it did not
 * @verdict: how it ended
 */
struct transfer {
	const struct transfer_ops *ops;
	void (*heard)(void *context);
	void *context;
	const int *statuses;
	const struct config *config;
	struct multi *multi;
	struct multi_request request;
	struct curl_slist *fields;
	struct loop_timer silence;
	uint64_t size;
	uint64_t have;
	struct answer answer;
	size_t headers;
	uint64_t began;
	bool asked;
	uint64_t last;
	uint64_t retry_after;
	struct verdict verdict;
};

void transfer_open(struct transfer *transfer, struct multi *multi,
		   const struct config *config, const struct transfer_ops *ops,
		   void (*heard)(void *context), void *context);

/*
 * Makes one ready; transfer_field() and options of libcurl's may follow, then
 * transfer_start() or transfer_stop(). -ENOMEM.
 */
int transfer_prepare(struct transfer *transfer, const char *url,
		     const char *user_agent);

/* A field of the request's headers. -ENOMEM. */
int transfer_field(struct transfer *transfer, const char *name,
		   const char *value);

/* Sends it off: its result is TRANSFER_RUNNING until it is over. -ENOMEM. */
int transfer_start(struct transfer *transfer);

void transfer_stop(struct transfer *transfer);

#endif
