// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/param.h>

#include "attempts.h"
#include "log.h"
#include "target.h"
#include "wear.h"
#include "world.h"

#define LAST		64

/**
 * struct worn - a module
 * @flashes: the last ones, the newest first
 * @asked: flashes that need not count, as a person may have asked for them
 * @ever: how many there were
 */
static struct worn {
	struct flash {
		uint64_t when;
		uint64_t url;
		unsigned int image;
		bool named;
	} flashes[LAST];
	size_t count;
	unsigned int asked;
	unsigned int ever;
} modules[WEAR_MODULES];

struct wear wear;

void wear_reset(void)
{
	memset(modules, 0, sizeof(modules));
}

void wear_person(unsigned int flashes)
{
	size_t i;

	for (i = 0; i < WEAR_MODULES; i++) {
		modules[i].count = 0;
		modules[i].asked = MAX(modules[i].asked, flashes);
	}
}

static void add(struct worn *worn, const char *url, unsigned int image, bool named)
{
	worn->count = MIN(worn->count + 1, LAST);
	memmove(worn->flashes + 1, worn->flashes,
		(worn->count - 1) * sizeof(worn->flashes[0]));
	worn->flashes[0] = (struct flash) {
		clock_wall(), target_hash(url, "", ""), image, named
	};
}

static bool is_within(const struct flash *flash, uint64_t period)
{
	return clock_wall() - flash->when < period;
}

static bool is_same(const struct flash *one, const struct flash *other)
{
	return one->url == other->url && one->image == other->image;
}

static struct wear measure(const struct worn *worn)
{
	const struct flash *newest = worn->flashes, *flash = newest;
	struct wear measured = { .flashes = worn->ever };
	bool same = true;

	for (; flash < newest + worn->count; flash++) {
		bool today = is_within(flash, ATTEMPTS_DAY);

		same &= is_same(flash, newest) && is_within(flash, ATTEMPTS_WEEK);
		measured.image += same;
		measured.day += today;
		measured.day_url += today && flash->url == newest->url;
	}
	return measured;
}

static void check(const struct wear *now)
{
	if (now->image > ATTEMPTS_FLASHES)
		world_wrong("an image was flashed %u times", now->image);
	if (now->day_url > ATTEMPTS_FLASHES)
		world_wrong("flashed %u times within a day from one URL",
			    now->day_url);
	if (now->day > ATTEMPTS_DAILY)
		world_wrong("flashed %u times within a day", now->day);
}

static void keep_most(const struct wear *now)
{
	wear.flashes = MAX(wear.flashes, now->flashes);
	wear.day = MAX(wear.day, now->day);
	wear.day_url = MAX(wear.day_url, now->day_url);
	wear.image = MAX(wear.image, now->image);
}

void wear_replaced(size_t module)
{
	struct worn *worn = &modules[module];
	size_t i, kept = 0;

	for (i = 0; i < worn->count; i++)
		if (worn->flashes[i].named)
			worn->flashes[kept++] = worn->flashes[i];
	worn->count = kept;
}

void wear_flash(size_t module, const char *url, unsigned int image, bool named)
{
	struct worn *worn = &modules[module];
	struct wear now;

	worn->ever++;
	if (worn->asked) {
		worn->asked--;
		return;
	}
	add(worn, url, image, named);
	now = measure(worn);
	log_line(LOG_INFO, "flash: %u of the image, %u on the day from the URL, %u on the day",
		 now.image, now.day_url, now.day);
	keep_most(&now);
	check(&now);
}
