// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/param.h>

#include "attempts.h"
#include "boot.h"
#include "keyfile.h"
#include "record.h"
#include "target.h"
#include "text.h"

static uint64_t place_of(const struct attempts_target *target)
{
	return target_hash(target->url, target->port, "");
}

/*
 * A module may have no serial number in DFU mode, and is the one then that was flashed
 * at that port last.
 */
static uint64_t hash_of(const struct attempts *attempts,
			const struct attempts_target *target)
{
	size_t i = attempts->count;
	uint64_t place = place_of(target);

	if (*target->serial)
		return target_hash(target->url, "", target->serial);
	while (i--)
		if (attempts->list[i].place == place)
			return attempts->list[i].target;
	return place;
}

static struct attempts_target day_of(const struct attempts_target *target)
{
	return (struct attempts_target){ "", target->port, target->serial };
}

static struct attempts_target fetch_of(const char *url)
{
	return (struct attempts_target){ url, "", "" };
}

/* Its place in the list; the end if it is not there. */
static size_t find(const struct attempts *attempts, uint64_t target)
{
	size_t i;

	for (i = 0; i < attempts->count; i++)
		if (attempts->list[i].target == target)
			break;
	return i;
}

static size_t find_target(const struct attempts *attempts,
			  const struct attempts_target *target)
{
	return find(attempts, hash_of(attempts, target));
}

/* NULL if there was none. */
static const struct attempt *look_up(const struct attempts *attempts,
				     const struct attempts_target *target)
{
	size_t place = find_target(attempts, target);

	return place < attempts->count ? &attempts->list[place] : NULL;
}

static void drop(struct attempts *attempts, size_t place)
{
	attempts->count--;
	memmove(&attempts->list[place], &attempts->list[place + 1],
		(attempts->count - place) * sizeof(attempts->list[0]));
}

/* How much would be lost with it: the wear of a module most of all. */
static int weight(const struct attempt *attempt)
{
	return attempt->flashes ? 2 : attempt->denied;
}

/*
 * Of those that weigh least the first. A server can have any number of fetches fail, but
 * not more modules be flashed than are allowed to be: it cannot have those forgotten.
 */
static void make_room(struct attempts *attempts)
{
	size_t i, least = 0;

	for (i = 1; i < attempts->count; i++)
		if (weight(&attempts->list[i]) < weight(&attempts->list[least]))
			least = i;
	drop(attempts, least);
}

/* Takes it, or a new one, to the end of the list. */
static struct attempt *touch(struct attempts *attempts,
			     const struct attempts_target *target)
{
	struct attempt attempt = { .target = hash_of(attempts, target) };
	size_t place = find(attempts, attempt.target);

	if (place < attempts->count) {
		attempt = attempts->list[place];
		drop(attempts, place);
	} else if (attempts->count == ATTEMPTS_MAX) {
		make_room(attempts);
	}
	attempt.place = place_of(target);
	attempts->list[attempts->count] = attempt;
	return &attempts->list[attempts->count++];
}

/* Its own clock, by which all its times are: that of this boot, after earlier ones */
static uint64_t clock_at(const struct attempts *attempts, uint64_t now)
{
	return attempts->earlier + now;
}

static bool is_over(uint64_t since, uint64_t period, uint64_t now)
{
	return now >= since && now - since >= period;
}

/* What it is compared by, weakly: RFC 9110, section 8.8.3.2. */
static const char *opaque(const char *etag)
{
	return strncmp(etag, "W/", 2) ? etag : etag + 2;
}

bool attempts_is_other(const struct attempt *attempt, const char *etag,
		       const char *modified)
{
	if (*attempt->etag && *etag)
		return strcmp(opaque(attempt->etag), opaque(etag)) != 0;
	return *attempt->modified && *modified && strcmp(attempt->modified, modified);
}

/* Do the flashes there were count? One that has lasted for a week was a good one. */
static bool counts(const struct attempt *attempt, uint64_t now)
{
	return attempt && (attempt->failures ||
			   !is_over(attempt->since, ATTEMPTS_WEEK, now));
}

static void count_image(struct attempts *attempts,
			const struct attempts_target *target, const char *etag,
			const char *modified, uint64_t now)
{
	struct attempt *attempt = touch(attempts, target);
	bool other = attempts_is_other(attempt, etag, modified);

	if (!counts(attempt, now) ||
	    (other && is_over(attempt->since, ATTEMPTS_DAY, now)))
		attempt->flashes = 0;
	attempt->flashes++;
	attempt->since = now;
	text_copy(attempt->etag, sizeof(attempt->etag), etag);
	text_copy(attempt->modified, sizeof(attempt->modified), modified);
}

static void count_day(struct attempts *attempts,
		      const struct attempts_target *target, uint64_t now)
{
	const struct attempts_target module = day_of(target);
	struct attempt *day = touch(attempts, &module);

	if (is_over(day->since, ATTEMPTS_DAY, now))
		day->flashes = 0;
	day->flashes++;
	day->since = now;
}

void attempts_flash(struct attempts *attempts,
		    const struct attempts_target *target, const char *etag,
		    const char *modified, uint64_t now)
{
	now = clock_at(attempts, now);
	count_image(attempts, target, etag, modified, now);
	count_day(attempts, target, now);
}

void attempts_failed(struct attempts *attempts,
		     const struct attempts_target *target, uint64_t now,
		     uint64_t pause)
{
	struct attempt *attempt = touch(attempts, target);

	attempt->failures++;
	attempt->failed = clock_at(attempts, now);
	attempt->pause = pause;
}

unsigned int attempts_failures(const struct attempts *attempts,
			       const struct attempts_target *target)
{
	const struct attempt *attempt = look_up(attempts, target);

	return attempt ? attempt->failures : 0;
}

void attempts_succeeded(struct attempts *attempts,
			const struct attempts_target *target)
{
	const struct attempts_target fetch = fetch_of(target->url);
	size_t place = find_target(attempts, &fetch);

	if (place < attempts->count)
		drop(attempts, place);
	place = find_target(attempts, target);
	if (place == attempts->count)
		return;
	attempts->list[place].failures = 0;
	attempts->list[place].pause = 0;
}

/* The flashes of one module, which had two names */
static void merge(struct attempt *attempt, const struct attempt *other)
{
	attempt->flashes += other->flashes;
	attempt->denied |= other->denied;
	attempt->failures = MAX(attempt->failures, other->failures);
	attempt->since = MAX(attempt->since, other->since);
	if (other->failed > attempt->failed) {
		attempt->failed = other->failed;
		attempt->pause = other->pause;
	}
}

static void rename_or_merge(struct attempts *attempts,
			    const struct attempts_target *target,
			    const char *serial)
{
	uint64_t named = target_hash(target->url, "", serial);
	size_t from = find(attempts, place_of(target));
	size_t to = find(attempts, named);

	if (from == attempts->count)
		return;
	attempts->list[from].target = named;
	if (to == attempts->count)
		return;
	merge(&attempts->list[from], &attempts->list[to]);
	drop(attempts, to);
}

void attempts_name(struct attempts *attempts,
		   const struct attempts_target *target, const char *serial)
{
	const struct attempts_target module = day_of(target);

	rename_or_merge(attempts, target, serial);
	rename_or_merge(attempts, &module, serial);
}

void attempts_deny(struct attempts *attempts,
		   const struct attempts_target *target)
{
	touch(attempts, target)->denied = true;
}

bool attempts_is_denied(const struct attempts *attempts,
			const struct attempts_target *target)
{
	const struct attempt *attempt = look_up(attempts, target);

	return attempt && attempt->denied;
}

void attempts_forget(struct attempts *attempts,
		     const struct attempts_target *target)
{
	const struct attempts_target targets[] = {
		*target, fetch_of(target->url), day_of(target),
	};
	size_t i, place;

	for (i = 0; i < ARRAY_SIZE(targets); i++) {
		place = find_target(attempts, &targets[i]);
		if (place < attempts->count)
			drop(attempts, place);
	}
}

void attempts_forget_all(struct attempts *attempts)
{
	attempts->count = 0;
}

static uint64_t wait_for(const struct attempt *attempt, uint64_t now)
{
	if (!attempt || !attempt->pause ||
	    is_over(attempt->failed, attempt->pause, now))
		return 0;
	return attempt->failed + attempt->pause - now;
}

uint64_t attempts_wait(const struct attempts *attempts,
		       const struct attempts_target *target, uint64_t now)
{
	const struct attempts_target fetch = fetch_of(target->url);

	now = clock_at(attempts, now);
	return MAX(wait_for(look_up(attempts, target), now),
		   wait_for(look_up(attempts, &fetch), now));
}

uint64_t attempts_day_wait(const struct attempts *attempts,
			   const struct attempts_target *target, uint64_t now)
{
	const struct attempts_target module = day_of(target);
	const struct attempt *day = look_up(attempts, &module);

	now = clock_at(attempts, now);
	if (!day || day->flashes < ATTEMPTS_DAILY ||
	    is_over(day->since, ATTEMPTS_DAY, now))
		return 0;
	return day->since + ATTEMPTS_DAY - now;
}

const struct attempt *attempts_worn(const struct attempts *attempts,
				    const struct attempts_target *target,
				    uint64_t now)
{
	const struct attempt *attempt = look_up(attempts, target);

	return counts(attempt, clock_at(attempts, now)) && attempt->flashes >= ATTEMPTS_FLASHES ?
	       attempt : NULL;
}

bool attempts_renew(struct attempts *attempts, uint64_t target, uint64_t now)
{
	size_t place = find(attempts, target);

	if (place == attempts->count ||
	    !is_over(attempts->list[place].since, ATTEMPTS_DAY,
		     clock_at(attempts, now)))
		return false;
	drop(attempts, place);
	return true;
}

/* On the disk */

#define KEY		"attempt"
#define KEY_BOOT	"boot"
#define KEY_EARLIER	"earlier"
#define KEY_CLOCK	"clock"
#define CLOCK_MAX	(1000000 * ATTEMPTS_DAY)

/* An attempt is one line: these, with tabs between them. */
static const struct record_field fields[] = {
	RECORD_FIELD(attempt, target, RECORD_NUMBER),
	RECORD_FIELD(attempt, flashes, RECORD_NUMBER),
	RECORD_FIELD(attempt, failures, RECORD_NUMBER),
	RECORD_FIELD(attempt, denied, RECORD_NUMBER),
	RECORD_FIELD(attempt, since, RECORD_NUMBER),
	RECORD_FIELD(attempt, failed, RECORD_NUMBER),
	RECORD_FIELD(attempt, pause, RECORD_NUMBER),
	RECORD_FIELD(attempt, etag, RECORD_TEXT),
	RECORD_FIELD(attempt, modified, RECORD_TEXT),
	RECORD_FIELD(attempt, place, RECORD_NUMBER),
};

static const struct record_type type = RECORD_TYPE(fields);

/* @boot: that it was stored in, when @clock was the time */
struct loading {
	struct attempts *attempts;
	char boot[BOOT_SIZE];
	uint64_t clock;
};

static bool take(void *context, const char *key, const char *value)
{
	struct loading *loading = context;
	struct attempts *attempts = loading->attempts;
	struct attempt attempt = { 0 };

	if (!strcmp(key, KEY_BOOT))
		return !text_copy(loading->boot, sizeof(loading->boot), value);
	if (!strcmp(key, KEY_EARLIER))
		return !text_number(value, CLOCK_MAX, &attempts->earlier);
	if (!strcmp(key, KEY_CLOCK))
		return !text_number(value, CLOCK_MAX, &loading->clock);
	if (strcmp(key, KEY) || attempts->count == ATTEMPTS_MAX ||
	    !record_take_line(&type, &attempt, value, '\t'))
		return false;
	attempts->list[attempts->count++] = attempt;
	return true;
}

static void put(FILE *out, const void *context)
{
	const struct attempts *attempts = context;
	size_t i;

	fprintf(out, KEY_BOOT "=%s\n", boot_id());
	fprintf(out, KEY_EARLIER "=%" PRIu64 "\n", attempts->earlier);
	fprintf(out, KEY_CLOCK "=%" PRIu64 "\n", attempts->stored);
	for (i = 0; i < attempts->count; i++) {
		fputs(KEY "=", out);
		record_put_line(out, &type, &attempts->list[i], '\t');
		fputc('\n', out);
	}
}

static const struct keyfile keyfile = {
	.name = "attempts",
	.first = "uxmcd-attempts 1",
	.max = 32768,
	.take = take,
	.put = put,
};

/*
 * Of another boot nobody knows how long ago that was, but for the time of this one. If
 * it may have been this one, that counts only as far as it is beyond doubt.
 */
static void set_clock(struct attempts *attempts, const struct loading *loading,
		      uint64_t now)
{
	if (!*boot_id())
		attempts->earlier = loading->clock > now ? loading->clock - now : 0;
	else if (strcmp(boot_id(), loading->boot))
		attempts->earlier = loading->clock;
	attempts->stored = loading->clock;
}

/* No later than it is */
static void bound(uint64_t *when, uint64_t now)
{
	*when = MIN(*when, now);
}

int attempts_load(struct attempts *attempts, int dir, uint64_t now)
{
	struct loading loading = { .attempts = attempts };
	size_t i;
	int ret;

	attempts->count = 0;
	attempts->earlier = 0;
	ret = keyfile_load(&keyfile, dir, &loading, NULL);
	if (ret)
		attempts->count = 0;
	set_clock(attempts, &loading, now);
	for (i = 0; i < attempts->count; i++) {
		bound(&attempts->list[i].since, clock_at(attempts, now));
		bound(&attempts->list[i].failed, clock_at(attempts, now));
	}
	return ret == -ENOENT ? 0 : ret;
}

int attempts_store(struct attempts *attempts, int dir, uint64_t now)
{
	uint64_t stored = attempts->stored;
	int ret;

	attempts->stored = clock_at(attempts, now);
	ret = keyfile_store(&keyfile, dir, attempts);
	if (ret)
		attempts->stored = stored;
	return ret;
}

int attempts_store_time(struct attempts *attempts, int dir, uint64_t now)
{
	return is_over(attempts->stored, ATTEMPTS_TICK,
		       clock_at(attempts, now)) ?
	       attempts_store(attempts, dir, now) : 0;
}
