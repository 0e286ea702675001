// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "module_words.h"
#include "page.h"
#include "pages.h"
#include "parts.h"
#include "text.h"
#include "view.h"

/* How often a page without script asks again while something goes on, s */
#define REFRESH		5

/* "1.1.1", or of several "1.1.1, 1.6.1" */
static void put_versions(struct request *request, struct answer *answer,
			 const struct modules *modules)
{
	struct markup *body = &answer->body;
	size_t i;

	markup(body, "<tr><th scope=\"row\">%s</th><td>", say(request, WORD_VERSIONS));
	for (i = 0; i < modules->count; i++)
		markup(body, "%s%s %s", i ? ", " : "", modules->list[i].model,
		       text_or_dash(modules->list[i].version));
	markup_raw(body, modules->count ? "</td></tr>\n" : "-</td></tr>\n");
}

/* The vendor's: the number of modules, and in the line below it their version */
static void put_phone(struct request *request, struct answer *answer,
		      const struct view *view)
{
	const struct config *config = request->config;
	char count[24];

	text_format(count, sizeof(count), "%zu", view->modules.count);
	markup(&answer->body, "<table class=\"facts\">\n<caption>%s</caption>\n",
	       say(request, WORD_PHONE));
	page_fact(request, answer, WORD_PHONE_MODEL, config->phone_model);
	page_fact(request, answer, WORD_PHONE_MAC, config->phone_mac);
	page_fact(request, answer, WORD_PHONE_FIRMWARE, config->phone_firmware);
	page_fact(request, answer, WORD_MODULE_COUNT, count);
	put_versions(request, answer, &view->modules);
	markup_raw(&answer->body, "</table>\n");
}

static void put_last_update(struct request *request, struct answer *answer,
			    const struct logline *line)
{
	if (!line)
		return;
	markup(&answer->body, "<tr><th scope=\"row\">%s</th><td>",
	       say(request, WORD_LAST_UPDATE));
	part_update(request, answer, line);
	markup_raw(&answer->body, "</td></tr>\n");
}

static void put_module(struct request *request, struct answer *answer,
		       const struct module *module, const struct updates *updates)
{
	char name[VIEW_NAME_SIZE];

	view_name(module, name);
	markup(&answer->body, "<table class=\"facts\">\n<caption>%s</caption>\n", name);
	page_fact(request, answer, WORD_MODEL, module->model);
	page_fact(request, answer, WORD_PORT, module->port);
	page_fact(request, answer, WORD_SERIAL, module->serial);
	page_fact(request, answer, WORD_VERSION, module->version);
	page_fact(request, answer, WORD_MODE, module->away ?
		  say(request, WORD_AWAY) :
		  say(request, mode_word(module->mode)));
	page_fact(request, answer, WORD_STATE,
		  say(request, state_word(module->state)));
	if (*module->message)
		page_fact(request, answer, WORD_ERROR, module->message);
	page_fact(request, answer, WORD_FIRMWARE_UXM, module->firmware_uxm);
	put_last_update(request, answer, updates_find(updates, module->port,
						      module->serial));
	markup_raw(&answer->body, "</table>\n");
}

void page_info(struct request *request, struct answer *answer)
{
	struct page page = { .title = WORD_INFO };
	struct updates *updates;
	struct view view;
	size_t i;
	int ret;

	updates = updates_read(&request->consult);
	ret = view_look(&view, request->config->control);
	page.refresh = modules_find_busy(&view.modules) ? REFRESH : 0;
	page.view = &view;
	page_begin(request, answer, &page);
	page_part(answer, "modules");
	put_phone(request, answer, &view);
	if (view.modules.count)
		page_heading(request, answer, WORD_MODULES);
	for (i = 0; i < view.modules.count; i++)
		put_module(request, answer, &view.modules.list[i], updates);
	part_trouble(request, answer, &view, ret);
	page_part_end(answer);
	page_end(request, answer);
	view_clear(&view);
	free(updates);
}
