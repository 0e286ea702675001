// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "page.h"
#include "parts.h"
#include "settings_list.h"
#include "text.h"

#define MINUTE		60U
#define HOUR		3600U

static void put_ago(struct request *request, struct markup *body, uint64_t seconds)
{
	unsigned int ago = (unsigned int)seconds;

	if (ago < 2 * MINUTE)
		markup(body, say(request, WORD_SECONDS_AGO), ago);
	else if (ago < 2 * HOUR)
		markup(body, say(request, WORD_MINUTES_AGO), ago / MINUTE);
	else
		markup(body, say(request, WORD_HOURS_AGO), ago / HOUR);
}

/* From where it is provisioned */
static void put_sources(struct request *request, struct answer *answer)
{
	static const enum setting_id ids[] = {
		SETTING_SETTING_SERVER, SETTING_FIRMWARE_STATUS, SETTING_UPDATE_POLICY,
	};
	struct settings_list *settings = settings_list_read(&request->consult);
	size_t i;

	for (i = 0; settings && i < ARRAY_SIZE(ids); i++)
		markup(&answer->body, "<tr><th scope=\"row\">%s</th><td>%s</td></tr>\n",
		       setting_name(ids[i]), text_or_dash(settings->list[ids[i]].value));
	free(settings);
}

static void put_lookup(struct request *request, struct answer *answer,
		       const struct explanation *last)
{
	struct markup *body = &answer->body;

	if (!last->looked)
		return;
	page_fact(request, answer, WORD_PROVISIONED, last->url);
	markup(body, "<tr><th scope=\"row\">%s</th><td>", say(request, WORD_LOOKED));
	put_ago(request, body, last->ago);
	markup_raw(body, "</td></tr>\n");
}

/* What came of it, or why nothing has */
static void put_end(struct request *request, struct answer *answer,
		    const struct explanation *last)
{
	struct markup *body = &answer->body;

	if (!strcmp(last->end.word, "busy"))
		markup(body, "<p role=\"status\">%s</p>\n", say(request, WORD_LOOKING));
	else if (!strcmp(last->end.word, "never"))
		markup(body, "<p>%s</p>\n", say(request, WORD_NEVER_LOOKED));
	else
		markup(body, "<p lang=\"en\">%s</p>\n", last->end.text);
}

static void put_check(struct request *request, struct answer *answer)
{
	part_form(request, answer, "update.htm");
	markup(&answer->body,
	       "<p><button name=\"do\" value=\"check\">%s</button></p>\n</form>\n",
	       say(request, WORD_CHECK_NOW));
}

void part_provisioning(struct request *request, struct answer *answer,
		       const struct explanation *last)
{
	struct markup *body = &answer->body;

	page_heading(request, answer, WORD_PROVISIONING);
	markup_raw(body, "<table class=\"facts\">\n");
	put_sources(request, answer);
	put_lookup(request, answer, last);
	markup_raw(body, "</table>\n");
	put_end(request, answer, last);
	part_steps(answer, last);
	put_check(request, answer);
}

/* The update that waits is shown with a question. */
void part_waiting(struct request *request, struct answer *answer,
		  const struct view *view)
{
	struct markup *body = &answer->body;
	char url[URL_MAX + 1];

	if (!view->waiting)
		return;
	url_show(view->url, url, sizeof(url));
	part_form(request, answer, "update.htm");
	markup(body, "<p class=\"warn\">%s: %s<br>\n<b>%s</b></p>\n", view->waiting,
	       say(request, WORD_WAITING), url);
	markup(body, "<p><button name=\"do\" value=\"confirm\">%s</button>\n",
	       say(request, WORD_CONFIRM));
	markup(body, "<button name=\"do\" value=\"refuse\">%s</button></p>\n</form>\n",
	       say(request, WORD_REFUSE));
}
