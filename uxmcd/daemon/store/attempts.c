// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <sys/param.h>

#include "attempts.h"
#include "schedule.h"
#include "target.h"

/* Its place in the list; the end if it is not there. */
static size_t find(const struct attempts *attempts, uint64_t hash)
{
	size_t i;

	for (i = 0; i < attempts->count; i++)
		if (attempts->list[i].hash == hash)
			break;
	return i;
}

static void drop(struct attempts *attempts, size_t place)
{
	attempts->count--;
	memmove(&attempts->list[place], &attempts->list[place + 1],
		(attempts->count - place) * sizeof(attempts->list[0]));
}

static void drop_hash(struct attempts *attempts, uint64_t hash)
{
	size_t place = find(attempts, hash);

	if (place < attempts->count)
		drop(attempts, place);
}

void attempts_failed(struct attempts *attempts, const char *url,
		     const char *port, const char *serial, uint64_t now,
		     uint64_t interval, uint64_t random)
{
	struct attempt attempt = { .hash = target_hash(url, port, serial) };
	size_t place = find(attempts, attempt.hash);

	if (place < attempts->count) {
		attempt = attempts->list[place];
		drop(attempts, place);
	} else if (attempts->count == ATTEMPTS_MAX) {
		drop(attempts, 0);
	}
	attempt.failures++;
	attempt.until = now + schedule_retry(attempt.failures, interval, 0,
					     random);
	attempts->list[attempts->count++] = attempt;
}

static uint64_t wait_for(const struct attempts *attempts, uint64_t hash,
			 uint64_t now)
{
	size_t place = find(attempts, hash);

	if (place == attempts->count || attempts->list[place].until <= now)
		return 0;
	return attempts->list[place].until - now;
}

uint64_t attempts_wait(const struct attempts *attempts, const char *url,
		       const char *port, const char *serial, uint64_t now)
{
	return MAX(wait_for(attempts, target_hash(url, port, serial), now),
		   wait_for(attempts, target_hash(url, "", ""), now));
}

void attempts_succeeded(struct attempts *attempts, const char *url,
			const char *port, const char *serial)
{
	drop_hash(attempts, target_hash(url, port, serial));
	drop_hash(attempts, target_hash(url, "", ""));
}
