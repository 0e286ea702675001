// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "live.h"
#include "module_words.h"
#include "text.h"

/* FNV-1a, by its authors' page: a fingerprint, and no protection from anybody */
#define FNV_BASIS	UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME	UINT64_C(0x100000001b3)

static const struct module *choose(const struct modules *modules)
{
	const struct module *busy = modules_find_busy(modules);
	size_t i;

	for (i = 0; !busy && i < modules->count; i++)
		if (modules->list[i].state != UXMC_STATE_IDLE)
			return &modules->list[i];
	return busy;
}

/* One that was cancelled has not gone wrong. */
static enum word word_of(const struct module *module)
{
	return module->state == UXMC_STATE_FAILED && module->error == ECANCELED ?
	       WORD_CANCELLED : state_word(module->state);
}

static int percent_of(const struct module *module)
{
	if (!module->total)
		return -1;
	return module->done < module->total ?
	       (int)(module->done * 100 / module->total) : 100;
}

void live_look(struct live *live, const struct view *view)
{
	*live = (struct live) {
		.module = choose(&view->modules),
		.state = "idle",
		.word = WORD_IDLE,
		.percent = -1,
	};
	if (!live->module)
		return;
	live->state = module_state_name(live->module->state);
	live->word = word_of(live->module);
	live->percent = percent_of(live->module);
}

/* A decimal has a point, or a comma. */
static void put_megabytes(enum language language, uint64_t bytes, char *to, size_t size)
{
	unsigned int tenths = (unsigned int)(bytes / 100000);

	text_format(to, size, "%u%s%u", tenths / 10,
		    word(language, WORD_DECIMAL_POINT), tenths % 10);
}

void live_amount(enum language language, const struct module *module, char *amount)
{
	char done[24], total[24];

	*amount = '\0';
	put_megabytes(language, module->done, done, sizeof(done));
	put_megabytes(language, module->total, total, sizeof(total));
	if (module->total)
		text_format(amount, LIVE_AMOUNT_SIZE, "%s %s %s MB", done,
			    word(language, WORD_OF), total);
	else if (module->done)
		text_format(amount, LIVE_AMOUNT_SIZE, "%s MB", done);
}

static uint64_t add_bytes(uint64_t sum, const void *data, size_t count)
{
	const unsigned char *bytes = data;

	while (count--)
		sum = (sum ^ *bytes++) * FNV_PRIME;
	return sum;
}

static uint64_t add_text(uint64_t sum, const char *text)
{
	return add_bytes(sum, text, strlen(text) + 1);
}

static uint64_t add_module(uint64_t sum, const struct module *module)
{
	const uint32_t numbers[] = {
		module->id, module->mode, module->state, module->away, !!module->total,
	};

	sum = add_bytes(sum, numbers, sizeof(numbers));
	sum = add_text(sum, module->version);
	sum = add_text(sum, module->serial);
	sum = add_text(sum, module->message);
	return add_text(sum, module->firmware_uxm);
}

uint64_t live_fingerprint(const struct view *view)
{
	const bool flags[] = { view->loaded, view->daemon, view->silent };
	uint64_t sum = add_bytes(FNV_BASIS, flags, sizeof(flags));
	size_t i;

	for (i = 0; i < view->modules.count; i++)
		sum = add_module(sum, &view->modules.list[i]);
	for (i = 0; i < view->bus.count; i++)
		sum = add_text(sum, view->bus.list[i].port);
	return add_text(sum, view->waiting ? view->url : "");
}
