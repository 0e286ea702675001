// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "http_answer.h"
#include "identify.h"
#include "page.h"
#include "pages.h"
#include "parts.h"
#include "text.h"

/* Where one may want to go after it, and no other page: not one that changes something */
static const char * const goals[] = {
	"info.htm", "update.htm", "settings.htm",
};

static const char *goal_of(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(goals); i++)
		if (!strcmp(goals[i], name))
			return goals[i];
	return goals[0];
}

static void put_field(struct request *request, struct answer *answer,
		      enum word label, const char *name, const char *rest)
{
	struct markup *body = &answer->body;

	markup(body, "<p><label for=\"%s\">%s</label>\n", name, say(request, label));
	markup(body, "<input id=\"%s\" name=\"%s\" ", name, name);
	markup_raw(body, rest);
	markup_raw(body, "></p>\n");
}

void page_login_form(struct request *request, struct answer *answer,
		     unsigned int status, const char *sentence)
{
	const struct page page = { .title = WORD_LOGIN };
	struct markup *body = &answer->body;
	const char *goal = form_value(&request->form, "goal");

	answer->status = status;
	visitor_need_token(request);
	page_begin(request, answer, &page);
	if (sentence)
		markup(body, "<p class=\"bad\" role=\"alert\" id=\"refusal\">%s</p>\n",
		       sentence);
	part_form(request, answer, "login.htm");
	markup(body, "<input type=\"hidden\" name=\"goal\" value=\"%s\">\n",
	       goal_of(goal ? goal : *request->path ? request->path + 1 : ""));
	put_field(request, answer, WORD_USER, "user",
		  "autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\"");
	put_field(request, answer, WORD_PASSWORD, "password",
		  "type=\"password\" autocomplete=\"current-password\" required");
	markup(body, "<p><button>%s</button></p>\n</form>\n", say(request, WORD_LOGIN));
	page_end(request, answer);
}

/* What was entered is not shown again. */
static void refuse(struct request *request, struct answer *answer)
{
	struct visitor *visitor = &request->visitor;

	switch (visitor->kind) {
	case VISITOR_BLOCKED:
		answer->retry_after = visitor->seconds;
		page_login_form(request, answer, MHD_HTTP_TOO_MANY_REQUESTS,
				say(request, WORD_BLOCKED));
		break;
	case VISITOR_UNKNOWN:
		page_no_daemon(request, answer, visitor->error);
		break;
	default:
		page_login_form(request, answer, MHD_HTTP_FORBIDDEN,
				say(request, WORD_WRONG));
		break;
	}
}

static void log_in(struct request *request, struct answer *answer)
{
	enum visitor_kind kind;

	kind = visitor_login(request, form_text(&request->form, "user"),
			     form_text(&request->form, "password"));
	if (kind != VISITOR_PERSON) {
		refuse(request, answer);
		return;
	}
	answer_go(answer, goal_of(form_text(&request->form, "goal")));
	answer_cookie(request, answer, COOKIE_SESSION, request->visitor.session);
}

void page_login(struct request *request, struct answer *answer)
{
	if (request->visitor.kind == VISITOR_UNKNOWN)
		page_no_daemon(request, answer, request->visitor.error);
	else if (!request->visitor.has_password)
		page_say(request, answer, MHD_HTTP_FORBIDDEN, WORD_REFUSED,
			 WORD_NO_PASSWORD_SET);
	else if (request->method == METHOD_POST)
		log_in(request, answer);
	else if (request->visitor.kind == VISITOR_PERSON)
		answer_go(answer, goals[0]);
	else
		page_login_form(request, answer, 0, NULL);
}

void page_logout(struct request *request, struct answer *answer)
{
	visitor_logout(request);
	answer_go(answer, "login.htm");
	answer_cookie(request, answer, COOKIE_SESSION, "");
}

static enum word reason_of(int error)
{
	switch (error) {
	case -ENOENT:
	case -ECONNREFUSED:
		return WORD_NO_DAEMON;
	case -EACCES:
	case -EPERM:
		return WORD_NO_PERMISSION;
	case -EBUSY:
		return WORD_BUSY;
	}
	return WORD_SILENT;
}

void page_no_daemon(struct request *request, struct answer *answer, int error)
{
	page_say(request, answer, MHD_HTTP_SERVICE_UNAVAILABLE, WORD_NOT_NOW,
		 reason_of(error));
}
