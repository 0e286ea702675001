/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wrong passwords, counted for each address that they came from: whoever guesses is
 * locked out, and nobody else with him. Pure.
 */
#ifndef UXMC_LOCKOUT_H
#define UXMC_LOCKOUT_H

#include <stdbool.h>
#include <stdint.h>

/* A literal address of IPv6 with its scope, and a NUL */
#define LOCKOUT_FROM_SIZE	64

#define LOCKOUT_PLACES		32

/**
 * struct lockout - all zeros to begin with
 * @places: of addresses; the first one is shared by all who have none of their own
 */
struct lockout {
	struct lockout_place {
		char from[LOCKOUT_FROM_SIZE];
		unsigned int failures;
		uint64_t blocked_until;
		uint64_t kept_until;
	} places[LOCKOUT_PLACES];
};

/* How long until a password from there is looked at again, ms; 0: it is now. */
uint64_t lockout_wait(const struct lockout *lockout, const char *from, uint64_t now);

/*
 * One from there was looked at. Who knew the right one keeps a place of his own, so
 * that strangers who take all others do not lock him out.
 */
void lockout_note(struct lockout *lockout, const char *from, bool good, uint64_t now);

/* How many wrong ones have come from there since the last right one */
unsigned int lockout_failures(const struct lockout *lockout, const char *from,
			      uint64_t now);

#endif
