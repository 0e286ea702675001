/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one server that all phones ask, over a week: what it answers depends on the
 * hour, on chance, and on what it was asked before by the same phone.
 */
#ifndef UXMC_FLEET_SERVER_H
#define UXMC_FLEET_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#define HOUR	3600000ULL	/* milliseconds */
#define WEEK	(168 * HOUR)
#define SECONDS	(WEEK / 1000)

/* The hour in which it wants to be asked each minute */
#define HOSTILE_FROM	110

/* What all phones run in the end, if they can. */
#define RIGHT_VERSION	"1.8.1"

/*
 * Images have a thousandth of their real size, and each byte of theirs counts as a
 * thousand; those of a module that takes them are even, as wear.h counts them.
 */
#define IMAGE_SIZE	37916U
#define SCALE		1000U

/**
 * struct tally - what it has seen
 * @requests: in each second
 * @images: of @requests, those for images
 * @bytes: of all that it has sent
 */
struct tally {
	uint32_t requests[SECONDS];
	uint64_t images;
	uint64_t bytes;
};

/* It counts there from now on; several processes may at a time. */
void server_count(struct tally *tally);

/* Another phone, whose chance begins with that. */
void server_meet(uint64_t seed);

/* Chance; the phone's, too */
uint64_t server_draw(void);

/* When it has something to say next, by clock_now(); UINT64_MAX: not before asked. */
uint64_t server_due(void);
/* It says that. */
void server_act(void);

#endif
