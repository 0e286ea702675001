/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What came of updates that no person asked for, by URL and module: how often the
 * module was flashed from there, when that may be tried again, and what a person has
 * refused. It is stored, so that neither a restart nor a replug wears a module out:
 *
 *	a module is flashed at most ATTEMPTS_FLASHES times from a URL, until the URL or
 *	the image there changes or a person asks for it; and not more often on any day,
 *	whatever the server says of its image;
 *	it is flashed at most ATTEMPTS_DAILY times within 24 hours, whatever the URLs are.
 *
 * What is forgotten first, if there is too much of it, is what wears nothing out: so the
 * bounds hold for the seven modules that there is room for whatever servers do.
 *
 * Times are milliseconds of loop_now(), which no server sets. They go on in the next
 * boot where they were stored last: what a phone is off for does not count, but one that
 * is switched off each night must not begin anew each day.
 */
#ifndef UXMC_ATTEMPTS_H
#define UXMC_ATTEMPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ATTEMPTS_MAX		64
#define ATTEMPTS_FLASHES	3
#define ATTEMPTS_DAILY		8

#define ATTEMPTS_TICK		3600000ULL
#define ATTEMPTS_DAY		86400000ULL
#define ATTEMPTS_WEEK		(7 * ATTEMPTS_DAY)

/**
 * struct attempt - of a URL on a module; of a URL whatever the module (its fetch);
 *	or of a module whatever the URL (its day)
 * @target: which (target.h)
 * @flashes: of the module that were begun
 * @failures: in a row, of the fetch or of the update
 * @denied: a person has refused or cancelled it
 * @since: when the last flash was begun
 * @failed: when it failed last; it may be tried again @pause later
 * @pause: in milliseconds
 * @etag: of the image that was flashed; empty: not known
 * @modified: its Last-Modified; likewise
 * @place: the same as @target with the port alone, of the last time
 */
struct attempt {
	uint64_t target;
	uint32_t flashes;
	uint32_t failures;
	bool denied;
	uint64_t since;
	uint64_t failed;
	uint64_t pause;
	char etag[128];
	char modified[64];
	uint64_t place;
};

/**
 * struct attempts - what there was
 * @count: how many
 * @earlier: how long earlier boots have lasted; times below are with that
 * @stored: when that was stored
 * @list: the last that something happened to is the last
 */
struct attempts {
	size_t count;
	uint64_t earlier;
	uint64_t stored;
	struct attempt list[ATTEMPTS_MAX];
};

/**
 * struct attempts_target - what an attempt is of
 * @url: as provisioned, {mac} not expanded
 * @port: of the module; it counts if there is no serial number
 * @serial: of the module; empty if it has none, be it in DFU mode only
 */
struct attempts_target {
	const char *url;
	const char *port;
	const char *serial;
};

/*
 * 0 too if nothing is stored yet. -EINVAL if the file is damaged: it has been set
 * aside then as attempts.damaged.
 */
int attempts_load(struct attempts *attempts, int dir, uint64_t now);

/* -errno */
int attempts_store(struct attempts *attempts, int dir, uint64_t now);

/*
 * The same for the time alone, so that it goes on over a power cut: once an hour, for
 * who calls it more often.
 */
int attempts_store_time(struct attempts *attempts, int dir, uint64_t now);

/* The module is about to be flashed with the image of which these are known. */
void attempts_flash(struct attempts *attempts,
		    const struct attempts_target *target, const char *etag,
		    const char *modified, uint64_t now);

/*
 * It failed, and may be tried again after @pause; of a target without a module the
 * fetch did, whatever the module.
 */
void attempts_failed(struct attempts *attempts,
		     const struct attempts_target *target, uint64_t now,
		     uint64_t pause);

/* How often in a row. */
unsigned int attempts_failures(const struct attempts *attempts,
			       const struct attempts_target *target);

/* The update went well, and so the fetch did. */
void attempts_succeeded(struct attempts *attempts,
			const struct attempts_target *target);

/*
 * The target had no serial number in DFU mode, and now it has one: since the update went
 * well, or in DFU mode still. (One that comes with firmware may be another module.)
 */
void attempts_name(struct attempts *attempts,
		   const struct attempts_target *target, const char *serial);

/* A person refuses it, or has cancelled it. */
void attempts_deny(struct attempts *attempts,
		   const struct attempts_target *target);
bool attempts_is_denied(const struct attempts *attempts,
			const struct attempts_target *target);

/* A person asks for it; for anything. */
void attempts_forget(struct attempts *attempts,
		     const struct attempts_target *target);
void attempts_forget_all(struct attempts *attempts);

/* How long until it may be tried after a failure; 0: now. */
uint64_t attempts_wait(const struct attempts *attempts,
		       const struct attempts_target *target, uint64_t now);

/* How long until the module may be flashed at all, for this day; 0: now. */
uint64_t attempts_day_wait(const struct attempts *attempts,
			   const struct attempts_target *target, uint64_t now);

/*
 * Has the module been flashed from the URL as often as it may be? Gives the attempt,
 * whose image has to change; else NULL.
 */
const struct attempt *attempts_worn(const struct attempts *attempts,
				    const struct attempts_target *target,
				    uint64_t now);

/* The validators are of another image than that which was flashed, as far as is known. */
bool attempts_is_other(const struct attempt *attempt, const char *etag,
		       const char *modified);

/*
 * The image at the URL is another one than that of the attempt: false if it has been
 * flashed too often within a day for that to matter.
 */
bool attempts_renew(struct attempts *attempts, uint64_t target, uint64_t now);

#endif
