// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "http_answer.h"
#include "page.h"
#include "pages.h"
#include "parts.h"
#include "reply_http.h"
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

static void put_file_form(struct request *request, struct answer *answer)
{
	struct markup *body = &answer->body;

	part_file_form(request, answer, "update.htm");
	markup(body, "<p><label for=\"file\">%s</label>\n", say(request, WORD_FILE));
	markup_raw(body, "<input id=\"file\" name=\"file\" type=\"file\"\n"
		   "accept=\".bin\" required>\n");
	markup(body, "<button>%s</button></p>\n</form>\n", say(request, WORD_UPLOAD));
}

static void put_refusal(struct answer *answer, const struct attempt *attempt)
{
	if (!attempt->sentence)
		return;
	markup_raw(&answer->body, "<p id=\"refusal\" class=\"bad\" role=\"alert\" ");
	markup(&answer->body, "lang=\"en\">%s</p>\n", attempt->sentence);
}

/* What can be asked for, unless something is under way */
static void put_manual(struct request *request, struct answer *answer,
		       const struct attempt *attempt, bool busy)
{
	page_heading(request, answer, WORD_MANUAL);
	put_refusal(answer, attempt);
	page_part(answer, "manual");
	if (busy) {
		markup(&answer->body, "<p>%s</p>\n", say(request, WORD_WAIT));
	} else {
		part_rules(request, answer);
		put_url_form(request, answer, attempt);
		put_file_form(request, answer);
	}
	page_part_end(answer);
}

static bool is_looking(const struct explanation *last)
{
	return !strcmp(last->end.word, "busy");
}

static void put_page(struct request *request, struct answer *answer,
		     const struct attempt *attempt, const struct view *view)
{
	struct updates *updates = updates_read(&request->consult);
	bool busy = modules_find_busy(&view->modules), known;
	struct page page = { .title = WORD_UPDATE, .view = view };
	struct explanation last;

	known = !explanation_read(&last, request, "last");
	page.renew = known && is_looking(&last);
	page.refresh = busy || page.renew ? REFRESH : 0;
	page_begin(request, answer, &page);
	part_progress(request, answer, view, updates);
	page_part(answer, "waiting");
	part_waiting(request, answer, view);
	page_part_end(answer);
	put_manual(request, answer, attempt, busy);
	page_part(answer, "provisioning");
	if (known)
		part_provisioning(request, answer, &last);
	page_part_end(answer);
	page_part(answer, "log");
	part_log(request, answer, updates);
	page_part_end(answer);
	markup_clear(&last.list);
	free(updates);
}

static void show(struct request *request, struct answer *answer,
		 const struct attempt *attempt)
{
	struct view view;
	int ret;

	consult_open(&request->consult, request->config->control);
	ret = view_look(&view, request->config->control);
	put_page(request, answer, attempt, &view);
	page_part(answer, "trouble");
	part_trouble(request, answer, &view, ret);
	page_part_end(answer);
	page_end(request, answer);
	view_clear(&view);
}

/* The page with what was refused on it */
static void refuse(struct request *request, struct answer *answer,
		   unsigned int status, const char *sentence)
{
	struct attempt attempt = { 0 };

	answer->status = status;
	text_format(attempt.text, sizeof(attempt.text), "%s", sentence);
	attempt.sentence = attempt.text;
	/* What was asked for may have an answer yet. */
	consult_close(&request->consult);
	show(request, answer, &attempt);
}

/* After it is done the page is to be asked for again, so that reloading does nothing. */
static void ask(struct request *request, struct answer *answer, const char *verb,
		const char *argument)
{
	struct ctl_answer reply;
	int ret;

	ret = consult_open(&request->consult, request->config->control);
	if (!ret)
		ret = consult(&request->consult, verb, argument, &reply);
	if (ret)
		refuse(request, answer, MHD_HTTP_SERVICE_UNAVAILABLE, strerror(-ret));
	else if (reply.reply != REPLY_OK)
		refuse(request, answer, status_of_reply(reply.reply), reply.text);
	else
		answer_go(answer, "update.htm");
}

static void cancel(struct request *request, struct answer *answer)
{
	ask(request, answer, "cancel", "");
}

static void confirm(struct request *request, struct answer *answer)
{
	ask(request, answer, "confirm", "");
}

static void turn_down(struct request *request, struct answer *answer)
{
	ask(request, answer, "refuse", "");
}

/*
 * The answer comes when the servers have been looked at, which may take minutes: who
 * does not wait for it finds it on the page. That it is refused is said at once.
 */
static void check(struct request *request, struct answer *answer)
{
	struct ctl_answer reply = { .reply = REPLY_OK };
	int ret;

	ret = consult_open(&request->consult, request->config->control);
	if (!ret)
		ret = consult_briefly(&request->consult, "check", &reply);
	if (ret)
		refuse(request, answer, MHD_HTTP_SERVICE_UNAVAILABLE, strerror(-ret));
	else if (reply.reply == REPLY_BUSY)
		refuse(request, answer, MHD_HTTP_CONFLICT, reply.text);
	else
		answer_go(answer, "update.htm");
}

static const struct deed {
	const char *name;
	void (*act)(struct request *request, struct answer *answer);
} deeds[] = {
	{ "cancel", cancel },
	{ "confirm", confirm },
	{ "refuse", turn_down },
	{ "check", check },
};

static void act(struct request *request, struct answer *answer)
{
	const char *deed = form_text(&request->form, "do");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(deeds); i++)
		if (!strcmp(deeds[i].name, deed)) {
			deeds[i].act(request, answer);
			return;
		}
	page_say(request, answer, MHD_HTTP_BAD_REQUEST, WORD_REFUSED,
		 WORD_BAD_REQUEST);
}

static void take_file(struct request *request, struct answer *answer)
{
	struct upload *upload = request->upload;

	upload_end(upload);
	if (upload->status)
		refuse(request, answer, upload->status, upload->reply.text);
	else
		answer_go(answer, "update.htm");
}

void page_update(struct request *request, struct answer *answer)
{
	const struct attempt none = { 0 };

	if (request->method != METHOD_POST)
		show(request, answer, &none);
	else if (request->upload)
		take_file(request, answer);
	else if (form_value(&request->form, "firmware"))
		ask(request, answer, "update", form_value(&request->form, "firmware"));
	else
		act(request, answer);
}
