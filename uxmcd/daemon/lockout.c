// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <sys/param.h>

#include "lockout.h"
#include "text.h"

/* So many wrong ones cost nothing; then, and after each STEP more, it is blocked. */
#define FREE		3U
#define STEP		3U
#define BLOCK_FIRST	60000U		/* ms; each is twice as long as the one before */
#define BLOCKS_MAX	6U		/* ... up to that one, of 32 min */

/* How long an address is remembered after a wrong password, and after a right one, ms */
#define WRONG_KEPT	(2 * 3600000ULL)
#define GOOD_KEPT	(720 * 3600000ULL)	/* 30 days */

/* Of all who have no place of their own */
#define SHARED	0U

/* The number of its own place; SHARED: it has none. */
static size_t find(const struct lockout *lockout, const char *from, uint64_t now)
{
	const struct lockout_place *place;
	size_t number;

	for (number = SHARED + 1; number < LOCKOUT_PLACES; number++) {
		place = &lockout->places[number];
		if (place->kept_until > now && !strcmp(place->from, from))
			return number;
	}
	return SHARED;
}

/* SHARED: none is. */
static size_t find_free(const struct lockout *lockout, uint64_t now)
{
	size_t number;

	for (number = SHARED + 1; number < LOCKOUT_PLACES; number++)
		if (lockout->places[number].kept_until <= now)
			return number;
	return SHARED;
}

/* Its own, or the shared one if it would get no other; NULL: nothing is known of it. */
static const struct lockout_place *look_up(const struct lockout *lockout,
					   const char *from, uint64_t now)
{
	size_t number = find(lockout, from, now);

	if (number == SHARED && find_free(lockout, now) != SHARED)
		return NULL;
	return &lockout->places[number];
}

static struct lockout_place *take(struct lockout *lockout, const char *from,
				  uint64_t now)
{
	size_t number = find(lockout, from, now);

	if (number == SHARED)
		number = find_free(lockout, now);
	if (lockout->places[number].kept_until <= now) {
		memset(&lockout->places[number], 0, sizeof(lockout->places[number]));
		text_copy(lockout->places[number].from, LOCKOUT_FROM_SIZE, from);
	}
	return &lockout->places[number];
}

static void note_wrong(struct lockout_place *place, uint64_t now)
{
	unsigned int beyond;

	place->kept_until = MAX(place->kept_until, now + WRONG_KEPT);
	place->failures++;
	if (place->failures <= FREE)
		return;
	beyond = place->failures - FREE - 1;
	if (beyond % STEP)
		return;
	place->blocked_until = now + ((uint64_t)BLOCK_FIRST <<
				      MIN(beyond / STEP, BLOCKS_MAX - 1));
}

void lockout_note(struct lockout *lockout, const char *from, bool good, uint64_t now)
{
	struct lockout_place *place = take(lockout, from, now);

	if (!good) {
		note_wrong(place, now);
		return;
	}
	/* Of all who share it one was right, which says nothing of the others. */
	if (place == &lockout->places[SHARED])
		return;
	place->failures = 0;
	place->kept_until = now + GOOD_KEPT;
}

uint64_t lockout_wait(const struct lockout *lockout, const char *from, uint64_t now)
{
	const struct lockout_place *place = look_up(lockout, from, now);

	return place && place->blocked_until > now ? place->blocked_until - now : 0;
}

unsigned int lockout_failures(const struct lockout *lockout, const char *from,
			      uint64_t now)
{
	const struct lockout_place *place = look_up(lockout, from, now);

	return place ? place->failures : 0;
}
