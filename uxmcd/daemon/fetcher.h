/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One job of a uxmc-fetch, from its request to its end. Nothing is tried again here.
 *
 * What uxmc-fetch says is looked at (fetchwire.h) before anybody hears of it; one
 * that lies, dies or hangs is ended, and the verdict says so.
 */
#ifndef UXMC_FETCHER_H
#define UXMC_FETCHER_H

#include <stdbool.h>

#include "config.h"
#include "fetchproc.h"
#include "fetchwire.h"
#include "loop.h"
#include "pauses.h"
#include "settings.h"
#include "verdict.h"

/**
 * struct fetcher_ops - what is done with what comes; false: it has been given up,
 *	and verdict_note() told why
 * @headers: of the answer that brings what was asked for
 * @data: so many bytes of an image or a signature
 * @entry: a setting
 * @file: a file that a settings file names
 * @dropped: something in one that does not count
 * @heard: something has come and has been taken, or it is over
 */
struct fetcher_ops {
	bool (*headers)(void *context, const struct fetchwire_headers *headers);
	bool (*data)(void *context, const char *data, size_t count);
	bool (*entry)(void *context, const struct fetchwire_entry *entry);
	bool (*file)(void *context, const struct fetchwire_file *file);
	bool (*dropped)(void *context, const struct fetchwire_dropped *dropped);
	void (*heard)(void *context);
};

/* What it is given; its end owes servers pauses. */
struct fetcher_needs {
	const struct config *config;
	const struct settings *settings;
	struct loop *loop;
	struct pauses *pauses;
};

/**
 * struct fetcher - the job that is under way, or the last one
 * @packet: is received into, while there is a job
 * @url: that the job is for
 * @deadline: when it has to be over, whatever it says (loop_now()); it is the
 *	request's to say so for a settings file
 * @patience: for uxmc-fetch to say something, in milliseconds
 * @retry_after: seconds that the server asked to be left alone for; 0: it did not
 * @verdict: how it ended
 */
struct fetcher {
	const struct config *config;
	const struct settings *settings;
	struct loop *loop;
	struct pauses *pauses;
	const struct fetcher_ops *ops;
	void *context;
	struct fetchproc proc;
	struct loop_watch watch;
	struct loop_timer watchdog;
	union fetchwire_packet *packet;
	char url[URL_MAX + 1];
	uint64_t deadline;
	uint64_t patience;
	struct fetchwire wire;
	uint64_t retry_after;
	struct verdict verdict;
};

void fetcher_open(struct fetcher *fetcher, const struct fetcher_needs *needs,
		  const struct fetcher_ops *ops, void *context);

/* Fills in what the configuration says, and what is the same for all. */
void fetcher_make_request(const struct fetcher *fetcher,
			  struct fetchwire_request *request,
			  enum fetchwire_what what);

/*
 * A server that is owed a pause is not asked, nor one by http if that is not allowed.
 * Its verdict is VERDICT_RUNNING until it is over, which it may be at once: then
 * @heard is not called.
 */
void fetcher_start(struct fetcher *fetcher,
		   const struct fetchwire_request *request);

/* Ends it, if it is under way. */
void fetcher_stop(struct fetcher *fetcher);

#endif
