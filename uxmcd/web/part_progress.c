// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "live.h"
#include "module_words.h"
#include "page.h"
#include "parts.h"
#include "text.h"

/* Without a value, it says that something is going on. */
static void put_bar(struct request *request, struct markup *body,
		    const struct live *live)
{
	char amount[LIVE_AMOUNT_SIZE];

	live_amount(request->language, live->module, amount);
	markup(body, "<p><label>%s <progress id=\"bar\" max=\"100\"",
	       say(request, WORD_TRANSFERRED));
	if (live->percent >= 0)
		markup(body, " value=\"%d\"", live->percent);
	markup(body, "></progress></label> <span id=\"amount\">%s</span></p>\n", amount);
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
		     const struct live *live)
{
	put_bar(request, &answer->body, live);
	put_warning(request, &answer->body, live->module);
	if (is_cancellable(live->module))
		put_cancel(request, answer);
}

/* What it ran before is in the log of updates. */
static void put_done(struct request *request, struct answer *answer,
		     const struct module *module, const struct updates *updates)
{
	const struct logline *line = updates_find(updates, module->port,
						  module->serial);

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

static void put_module(struct request *request, struct answer *answer,
		       const struct live *live, const struct updates *updates)
{
	const struct module *module = live->module;

	if (module_is_busy(module))
		put_busy(request, answer, live);
	else if (module->state == UXMC_STATE_DONE)
		put_done(request, answer, module, updates);
	else if (module->state == UXMC_STATE_FAILED)
		put_failed(answer, module);
}

void part_progress(struct request *request, struct answer *answer,
		   const struct view *view, const struct updates *updates)
{
	struct markup *body = &answer->body;
	char name[VIEW_NAME_SIZE] = "";
	struct live live;

	live_look(&live, view);
	if (live.module)
		view_name(live.module, name);
	/* It is there before there is something to say, so that changes are told. */
	markup(body, "<p role=\"status\" id=\"state\">%s%s%s</p>\n", name,
	       live.module ? ": " : "", say(request, live.word));
	page_part(answer, "live");
	if (live.module)
		put_module(request, answer, &live, updates);
	page_part_end(answer);
}
