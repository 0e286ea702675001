/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One try to fetch something by HTTP. Nothing is retried here, and nothing waits:
 * the loop polls, then calls transfer_perform().
 */
#ifndef UXMC_TRANSFER_H
#define UXMC_TRANSFER_H

#include <curl/curl.h>
#include <stdbool.h>

#include "answer.h"
#include "config.h"
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
 * @statuses: that are good, ended by 0
 * @size: of the whole, in bytes; 0 if not known
 * @have: bytes of it that are there
 * @answer: the headers that came last
 * @header_bytes: of all headers so far
 * @asked: the connection stands and the request is on its way
 * @heard: when anything came from the server (timer_now())
 * @retry_after: seconds that the server asked to be left alone for; 0: it did not
 * @verdict: how it ended
 */
struct transfer {
	const struct transfer_ops *ops;
	const int *statuses;
	const struct config *config;
	CURLM *multi;
	CURL *easy;
	struct curl_slist *headers;
	uint64_t size;
	uint64_t have;
	struct answer answer;
	size_t header_bytes;
	bool asked;
	uint64_t heard;
	uint64_t retry_after;
	struct verdict verdict;
};

/* What all transfers share, and the loop polls. NULL: out of memory. */
CURLM *transfers_open(void);
void transfers_close(CURLM *multi);

/* Moves on what can be moved on. */
void transfers_perform(CURLM *multi);

/* Makes one ready; transfer_header() and libcurl's options may follow. -ENOMEM. */
int transfer_prepare(struct transfer *transfer, const char *url,
		     const char *user_agent);
int transfer_header(struct transfer *transfer, const char *name,
		    const char *value);

/* Sends it off: @result is TRANSFER_RUNNING until it is over. -ENOMEM. */
int transfer_start(struct transfer *transfer);

/* Is it over, and how? To be called whenever something may have come. */
enum transfer_result transfer_look(struct transfer *transfer);

/* How long until the server must be heard of, in milliseconds; 0: too late. */
uint64_t transfer_patience(const struct transfer *transfer);

/* Ends a try as broken because nothing is heard of the server. */
void transfer_give_up(struct transfer *transfer);

void transfer_stop(struct transfer *transfer);

#endif
