// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "module_words.h"
#include "parts.h"
#include "text.h"

/* A decimal has a point, or a comma. */
static void put_megabytes(struct request *request, struct markup *body,
			  uint64_t bytes)
{
	unsigned int tenths = (unsigned int)(bytes / 100000);

	markup(body, "%u%s%u", tenths / 10, say(request, WORD_DECIMAL_POINT),
	       tenths % 10);
}

static unsigned int percent_of(const struct module *module)
{
	return module->done < module->total ?
	       (unsigned int)(module->done * 100 / module->total) : 100;
}

static void put_amount(struct request *request, struct markup *body,
		       const struct module *module)
{
	put_megabytes(request, body, module->done);
	if (module->total) {
		markup(body, " %s ", say(request, WORD_OF));
		put_megabytes(request, body, module->total);
	}
	markup_raw(body, " MB");
}

/* Without a value, it says that something is going on. */
static void put_bar(struct request *request, struct markup *body,
		    const struct module *module)
{
	markup(body, "<p><label>%s <progress id=\"bar\" max=\"100\"",
	       say(request, WORD_TRANSFERRED));
	if (module->total)
		markup(body, " value=\"%u\"", percent_of(module));
	markup_raw(body, "></progress></label> <span id=\"amount\">");
	if (module->total || module->done)
		put_amount(request, body, module);
	markup_raw(body, "</span></p>\n");
}

/* From then on the module is being changed. */
static void put_warning(struct request *request, struct markup *body,
			const struct module *module)
{
	if (module->timeout)
		markup(body, say(request, WORD_SILENCE),
		       (module->timeout + 999) / 1000);
	if (!is_cancellable(module))
		markup(body, "<p class=\"warn\">%s</p>\n",
		       say(request, WORD_DO_NOT_UNPLUG));
}

static void put_cancel(struct request *request, struct answer *answer)
{
	part_form(request, answer, "update.htm");
	markup(&answer->body,
	       "<button name=\"do\" value=\"cancel\">%s</button>\n</form>\n",
	       say(request, WORD_CANCEL));
}

static void put_busy(struct request *request, struct answer *answer,
		     const struct module *module)
{
	put_bar(request, &answer->body, module);
	put_warning(request, &answer->body, module);
	if (is_cancellable(module))
		put_cancel(request, answer);
}

/* What it ran before is in the log of updates. */
static const struct logline *find_line(const struct updates *updates,
				       const struct module *module)
{
	const struct logline *line;
	size_t i;

	for (i = 0; updates && i < updates->count; i++) {
		line = updates_get(updates, i);
		if (!strcmp(line->port, module->port) &&
		    !strcmp(line->serial, module->serial))
			return line;
	}
	return NULL;
}

static void put_done(struct request *request, struct answer *answer,
		     const struct module *module, const struct updates *updates)
{
	const struct logline *line = find_line(updates, module);

	markup(&answer->body, "<p class=\"good\">");
	markup(&answer->body, say(request, WORD_VERSION_IS), module->version);
	if (line && *line->from)
		markup(&answer->body, say(request, WORD_VERSION_WAS), line->from);
	markup_raw(&answer->body, "</p>\n");
}

static void put_failed(struct answer *answer, const struct module *module)
{
	markup(&answer->body, "<p class=\"bad\" lang=\"en\">%s</p>\n",
	       module->message);
}

static bool is_of_interest(const struct module *module)
{
	return module->state != UXMC_STATE_IDLE;
}

/* One that was cancelled has not gone wrong. */
static enum word word_of(const struct module *module)
{
	return module->state == UXMC_STATE_FAILED && module->error == ECANCELED ?
	       WORD_CANCELLED : state_word(module->state);
}

static void put_module(struct request *request, struct answer *answer,
		       const struct module *module, const struct updates *updates)
{
	if (module_is_busy(module))
		put_busy(request, answer, module);
	else if (module->state == UXMC_STATE_DONE)
		put_done(request, answer, module, updates);
	else if (module->state == UXMC_STATE_FAILED)
		put_failed(answer, module);
}

/* The one that is being updated, else the one whose update was last */
static const struct module *choose(const struct modules *modules)
{
	const struct module *busy = modules_find_busy(modules);
	size_t i;

	for (i = 0; !busy && i < modules->count; i++)
		if (is_of_interest(&modules->list[i]))
			return &modules->list[i];
	return busy;
}

void part_progress(struct request *request, struct answer *answer,
		   const struct view *view, const struct updates *updates)
{
	const struct module *module = choose(&view->modules);
	struct markup *body = &answer->body;
	char name[VIEW_NAME_SIZE] = "";

	if (module)
		view_name(module, name);
	markup(body, "<section id=\"live\" data-state=\"%s\">\n",
	       module ? module_state_name(module->state) : "idle");
	/* It is there before there is something to say, so that changes are told. */
	markup(body, "<p role=\"status\" id=\"state\">%s%s%s</p>\n", name,
	       module ? ": " : "",
	       say(request, module ? word_of(module) : WORD_IDLE));
	if (module)
		put_module(request, answer, module, updates);
	markup_raw(body, "</section>\n");
}
