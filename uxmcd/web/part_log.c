// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <time.h>

#include "page.h"
#include "parts.h"
#include "text.h"

static const struct {
	const char *name;
	enum word word;
} results[] = {
	{ "done", WORD_DONE },
	{ "failed", WORD_FAILED },
	{ "cancelled", WORD_CANCELLED },
};

static enum word result_word(const char *result)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(results); i++)
		if (!strcmp(results[i].name, result))
			return results[i].word;
	return WORD_UNKNOWN;
}

/* By the phone's clock and its time zone; 0: the clock had not been set */
static void put_when(struct request *request, struct markup *body, uint64_t when)
{
	time_t seconds = (time_t)when;
	struct tm local;
	char text[32];

	if (when && localtime_r(&seconds, &local) &&
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &local))
		markup(body, "<time datetime=\"%s\">%s</time>", text, text);
	else
		markup(body, "%s", say(request, WORD_NO_CLOCK));
}

void part_update(struct request *request, struct answer *answer,
		 const struct logline *line)
{
	struct markup *body = &answer->body;

	put_when(request, body, line->when);
	markup(body, " <b>%s</b>, %llu s<br>\n",
	       say(request, result_word(line->result)),
	       (unsigned long long)line->seconds);
	markup(body, "%s %s: %s → %s", text_or_dash(line->model), line->serial,
	       text_or_dash(line->from), text_or_dash(line->to));
}

static void put_line(struct request *request, struct answer *answer,
		     const struct logline *line)
{
	struct markup *body = &answer->body;
	char url[URL_MAX + 1];

	url_show(line->url, url, sizeof(url));
	markup_raw(body, "<li>");
	part_update(request, answer, line);
	markup(body, "<br>\n<span class=\"url\">%s</span>", url);
	if (*line->trust)
		markup(body, "<br>\n%s: %s", say(request, WORD_TRUST), line->trust);
	if (*line->message)
		markup(body, "<br>\n<span lang=\"en\">%s</span>", line->message);
	markup_raw(body, "</li>\n");
}

void part_log(struct request *request, struct answer *answer,
	      const struct updates *updates)
{
	struct markup *body = &answer->body;
	size_t i;

	page_heading(request, answer, WORD_LAST_UPDATES);
	if (!updates || !updates->count) {
		markup(body, "<p>%s</p>\n", say(request, WORD_NO_UPDATES));
		return;
	}
	markup_raw(body, "<ul class=\"log\">\n");
	for (i = 0; i < updates->count; i++)
		put_line(request, answer, updates_get(updates, i));
	markup_raw(body, "</ul>\n");
}
