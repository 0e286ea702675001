// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "http_answer.h"
#include "page.h"
#include "pages.h"
#include "parts.h"
#include "text.h"
#include "url.h"

/* How often a page without script asks again while something goes on, s */
#define REFRESH		2

/**
 * struct attempt - what the page was asked to do, if that was refused
 * @sentence: why
 */
struct attempt {
	const char *sentence;
	char text[REPLY_PACKET_MAX];
};

/* The vendor's field and button; the names are those of the phone's own form. */
static void put_url_form(struct request *request, struct answer *answer,
			 const struct attempt *attempt)
{
	struct markup *body = &answer->body;

	part_form(request, answer, "update.htm");
	markup(body, "<p><label for=\"firmware\">%s</label>\n", say(request, WORD_FIRMWARE));
	markup_raw(body, "<input id=\"firmware\" name=\"firmware\" type=\"text\"\n"
		   "inputmode=\"url\" autocomplete=\"off\" spellcheck=\"false\"\n"
		   "placeholder=\"http://server/snomD7C-1.6.1-r.bin\"\n");
	markup(body, "maxlength=\"%u\" required value=\"%s\"", (unsigned int)URL_MAX,
	       form_text(&request->form, "firmware"));
	markup_raw(body, attempt->sentence ?
		   " aria-invalid=\"true\" aria-describedby=\"refusal\">\n" : ">\n");
	markup(body, "<button name=\"swload\" value=\"load\">%s</button></p>\n</form>\n",
	       say(request, WORD_LOAD));
}

static void put_refusal(struct answer *answer, const struct attempt *attempt)
{
	if (!attempt->sentence)
		return;
	markup_raw(&answer->body, "<p id=\"refusal\" class=\"bad\" role=\"alert\" ");
	markup(&answer->body, "lang=\"en\">%s</p>\n", attempt->sentence);
}

static void show(struct request *request, struct answer *answer,
		 const struct attempt *attempt)
{
	struct page page = { .title = WORD_UPDATE };
	struct updates *updates;
	struct view view;
	bool busy;
	int ret;

	consult_open(&request->consult, request->config->control);
	ret = view_look(&view, request->config->control);
	updates = updates_read(&request->consult);
	busy = modules_find_busy(&view.modules);
	page.refresh = busy ? REFRESH : 0;
	page_begin(request, answer, &page);
	part_progress(request, answer, &view, updates);
	page_heading(request, answer, WORD_MANUAL);
	put_refusal(answer, attempt);
	if (busy)
		markup(&answer->body, "<p>%s</p>\n", say(request, WORD_WAIT));
	else
		put_url_form(request, answer, attempt);
	part_trouble(request, answer, &view, ret);
	page_end(request, answer);
	view_clear(&view);
	free(updates);
}

/* uxmcd's answer as HTTP has it */
static unsigned int status_of(enum reply reply)
{
	switch (reply) {
	case REPLY_OK:
		return MHD_HTTP_OK;
	case REPLY_NO_DRIVER:
	case REPLY_NO_MODULE:
	case REPLY_BUSY:
	case REPLY_TOO_LATE:
	case REPLY_FAILED:
		return MHD_HTTP_CONFLICT;
	case REPLY_NO_DAEMON:
		return MHD_HTTP_SERVICE_UNAVAILABLE;
	default:
		return MHD_HTTP_BAD_REQUEST;
	}
}

/* After it is done the page is to be asked for again, so that reloading does nothing. */
static void ask(struct request *request, struct answer *answer, const char *verb,
		const char *argument)
{
	struct attempt attempt = { 0 };
	struct ctl_answer reply;
	int ret;

	ret = consult_open(&request->consult, request->config->control);
	if (!ret)
		ret = consult(&request->consult, verb, argument, &reply);
	if (!ret && reply.reply == REPLY_OK) {
		answer_go(answer, "update.htm");
		return;
	}
	answer->status = ret ? MHD_HTTP_SERVICE_UNAVAILABLE :
			       status_of(reply.reply);
	text_format(attempt.text, sizeof(attempt.text), "%s",
		    ret ? strerror(-ret) : reply.text);
	attempt.sentence = attempt.text;
	/* What was asked for may have an answer yet. */
	consult_close(&request->consult);
	show(request, answer, &attempt);
}

static const struct deed {
	const char *name;
	const char *verb;
} deeds[] = {
	{ "cancel", "cancel" },
};

static void act(struct request *request, struct answer *answer)
{
	const char *deed = form_text(&request->form, "do");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(deeds); i++)
		if (!strcmp(deeds[i].name, deed)) {
			ask(request, answer, deeds[i].verb, "");
			return;
		}
	page_say(request, answer, MHD_HTTP_BAD_REQUEST, WORD_REFUSED,
		 WORD_BAD_REQUEST);
}

void page_update(struct request *request, struct answer *answer)
{
	const struct attempt none = { 0 };

	if (request->method != METHOD_POST)
		show(request, answer, &none);
	else if (form_value(&request->form, "firmware"))
		ask(request, answer, "update", form_value(&request->form, "firmware"));
	else
		act(request, answer);
}
