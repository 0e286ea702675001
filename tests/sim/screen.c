// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "loop.h"
#include "screen.h"

#define REFRESH_MS	200
#define STEPS		3
#define PER_CENT_UNIT	20	/* what the screen shows of a step */

static bool enabled;
static char shown[80];
static uint64_t received;
static uint64_t steps_begin;
static unsigned int steps_ms;

static void refresh_count(void);
static void refresh_step(void);
static struct timer count_timer = { .fire = refresh_count };
static struct timer step_timer = { .fire = refresh_step };

void screen_enable(void)
{
	enabled = true;
	(void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
}

void screen_show(const char *fmt, ...)
{
	char line[sizeof(shown)];
	va_list args;

	if (!enabled)
		return;

	va_start(args, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);

	if (!strcmp(line, shown))
		return;
	memcpy(shown, line, sizeof(shown));
	(void)puts(shown);
}

static void refresh_count(void)
{
	screen_show("Received %" PRIu64 " bytes", received);
}

void screen_received(uint64_t bytes)
{
	received = bytes;
	if (enabled && !timer_armed(&count_timer))
		timer_arm(&count_timer, REFRESH_MS);
}

static void refresh_step(void)
{
	const unsigned int units = STEPS * 100 / PER_CENT_UNIT;
	uint64_t ms = (loop_now() - steps_begin) / 1000000;
	unsigned int done, per_cent;

	if (ms > steps_ms)
		ms = steps_ms;
	done = steps_ms ? (unsigned int)(ms * units / steps_ms) : units;
	if (done == units) {
		screen_end_steps();
		return;
	}

	per_cent = done * PER_CENT_UNIT;
	screen_show("Update in progress: step %u/%d %u %%", per_cent / 100 + 1,
		    STEPS, per_cent % 100);
	timer_arm(&step_timer, steps_ms / units + 1);
}

void screen_begin_steps(unsigned int ms)
{
	screen_settle();
	if (!enabled)
		return;

	steps_begin = loop_now();
	steps_ms = ms;
	refresh_step();
}

void screen_end_steps(void)
{
	timer_disarm(&step_timer);
	screen_show("Update in progress: step %d/%d 100 %%", STEPS, STEPS);
}

void screen_settle(void)
{
	if (timer_armed(&count_timer))
		refresh_count();
	timer_disarm(&count_timer);
	timer_disarm(&step_timer);
}
