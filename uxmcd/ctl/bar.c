// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "bar.h"
#include "text.h"

#define BAR_MAX		40
#define BAR_MIN		10

int bar_percent(const struct module *module)
{
	if (!module->total || module->done > module->total)
		return -1;
	return (int)(module->done * 100 / module->total);
}

/* 35.7 */
static double megabytes(uint64_t bytes)
{
	return (double)bytes / 1000000;
}

void bar_progress(const struct module *module, char *to, size_t size)
{
	int percent = bar_percent(module);

	*to = '\0';
	if (!module_is_busy(module))
		return;
	if (percent >= 0)
		text_format(to, size, "%d %%", percent);
	else if (module->done)
		text_format(to, size, "%.1f MB", megabytes(module->done));
}

/* What else there is to say: an error, or how long it may take. */
static void describe(const struct module *module, char *to, size_t size)
{
	*to = '\0';
	if (module->state == UXMC_STATE_FAILED)
		text_format(to, size, "%s", module->message);
	else if (module->state == UXMC_STATE_DONE)
		text_format(to, size, "firmware %s", module->version);
	else if (module->total)
		text_format(to, size, "%.1f of %.1f MB",
			    megabytes(module->done), megabytes(module->total));
	else if (module->state >= UXMC_STATE_DETACHING && module->timeout)
		text_format(to, size, "(up to %u s; do not unplug)",
			    (module->timeout + 999) / 1000);
}

void bar_line(const struct module *module, char *to, size_t size)
{
	char progress[32], rest[300];

	bar_progress(module, progress, sizeof(progress));
	describe(module, rest, sizeof(rest));
	text_format(to, size, "uxmc%u %s %s%s%s%s%s", module->id,
		    module->model, module_state_name(module->state),
		    *progress ? " " : "", progress, *rest ? " " : "", rest);
}

static void fill(char *to, size_t width, int percent)
{
	size_t done = width * (size_t)percent / 100;

	memset(to, '#', done);
	memset(to + done, '.', width - done);
	to[width] = '\0';
}

void bar_draw(const struct module *module, size_t width, char *to, size_t size)
{
	int percent = bar_percent(module);
	char rest[300], bar[BAR_MAX + 1], line[512];
	size_t length = BAR_MAX;

	if (percent < 0 || !module_is_busy(module)) {
		bar_line(module, line, sizeof(line));
	} else {
		describe(module, rest, sizeof(rest));
		if (width < 50 + BAR_MAX)
			length = BAR_MIN;
		fill(bar, length, percent);
		text_format(line, sizeof(line), "uxmc%u %s %-13s [%s] %3d %% %s",
			    module->id, module->model,
			    module_state_name(module->state), bar, percent,
			    rest);
	}
	text_format(to, size, "%.*s", (int)width, line);
}
