// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "parts.h"
#include "text.h"

static enum word outcome_word(const char *outcome)
{
	if (!strcmp(outcome, "ok"))
		return WORD_RULE_OK;
	return strcmp(outcome, "no") ? WORD_RULE_INFO : WORD_RULE_NO;
}

static void take_step(struct explanation *explanation, const struct ctl_step *step)
{
	struct markup *list = &explanation->list;

	markup(list, "<li class=\"%s\"><b>%s</b> ", step->outcome,
	       word(explanation->language, outcome_word(step->outcome)));
	markup(list, "<span lang=\"en\">%s: %s</span></li>\n", step->rule, step->text);
}

/* A file that a setting leads to */
static void take_file(struct explanation *explanation, const struct ctl_file *file)
{
	struct markup *list = &explanation->list;
	char url[URL_MAX + 1];

	url_show(file->url, url, sizeof(url));
	markup(list, "<li class=\"%s\"><b>%s</b> ", file->outcome,
	       word(explanation->language, outcome_word(file->outcome)));
	markup(list, "<span class=\"url\">%s</span> <span lang=\"en\">%s</span></li>\n",
	       url, file->text);
}

static int take_entry(struct explanation *explanation, char *text)
{
	const char *fields[2];

	if (reply_fields(text, fields, ARRAY_SIZE(fields)) ||
	    text_number(fields[0], UINT32_MAX, &explanation->ago))
		return 0;
	explanation->looked = true;
	url_show(fields[1], explanation->url, sizeof(explanation->url));
	return 0;
}

static int take(void *context, struct ctl_answer *answer)
{
	struct explanation *explanation = context;
	struct ctl_step step;
	struct ctl_file file;

	if (!strcmp(answer->word, "entry"))
		return take_entry(explanation, answer->text);
	if (!strcmp(answer->word, "file")) {
		if (!reply_file(answer->text, &file))
			take_file(explanation, &file);
		return 0;
	}
	if (!reply_step(answer->text, &step))
		take_step(explanation, &step);
	return 0;
}

int explanation_read(struct explanation *explanation, struct request *request,
		     const char *verb)
{
	struct ctl_question question = {
		.verb = verb,
		.argument = "",
		.take = take,
		.context = explanation,
	};

	memset(explanation, 0, sizeof(*explanation));
	explanation->language = request->language;
	return consult_all(&request->consult, &question, &explanation->end);
}

void part_steps(struct answer *answer, const struct explanation *explanation)
{
	struct markup *body = &answer->body;

	if (!explanation->list.length)
		return;
	markup_raw(body, "<ul class=\"rules\">\n");
	markup_raw(body, explanation->list.text);
	markup_raw(body, "</ul>\n");
}

void part_rules(struct request *request, struct answer *answer)
{
	struct explanation explanation;
	struct markup *body = &answer->body;
	bool allowed;

	if (explanation_read(&explanation, request, "may"))
		return;
	allowed = explanation.end.reply == REPLY_OK;
	markup(body, "<p class=\"%s\">%s</p>\n", allowed ? "good" : "bad",
	       say(request, allowed ? WORD_MAY : WORD_MAY_NOT));
	part_steps(answer, &explanation);
	markup_clear(&explanation.list);
}
