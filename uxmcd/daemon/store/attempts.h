/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which URL failed on which module, and when it may be tried again: pure. All times
 * are milliseconds of one clock.
 */
#ifndef UXMC_ATTEMPTS_H
#define UXMC_ATTEMPTS_H

#include <stddef.h>
#include <stdint.h>

#define ATTEMPTS_MAX	8

/**
 * struct attempts - what failed
 * @count: how many
 * @list: the one that failed last is the last; the first is forgotten if there are
 *	too many
 */
struct attempts {
	size_t count;
	struct attempt {
		uint64_t hash;		/* of URL, port and serial number */
		unsigned int failures;	/* in a row */
		uint64_t until;		/* it may be tried again then */
	} list[ATTEMPTS_MAX];
};

/*
 * It failed; @port and @serial empty: the fetch did, whatever the module. @interval
 * and @random are those of schedule_retry().
 */
void attempts_failed(struct attempts *attempts, const char *url,
		     const char *port, const char *serial, uint64_t now,
		     uint64_t interval, uint64_t random);

/* How long until it may be tried on that module; 0: now. */
uint64_t attempts_wait(const struct attempts *attempts, const char *url,
		       const char *port, const char *serial, uint64_t now);

/* It went well: the fetch, or the update of that module and so the fetch too. */
void attempts_succeeded(struct attempts *attempts, const char *url,
			const char *port, const char *serial);

#endif
