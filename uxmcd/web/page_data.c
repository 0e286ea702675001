// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_json.h"
#include "http_answer.h"
#include "json.h"
#include "metrics.h"
#include "pages.h"
#include "text.h"
#include "view_json.h"

/* The last lookup, as it comes in */
struct last {
	struct json_object *steps;
	bool looked;
	uint64_t ago;
	char url[URL_MAX + 1];
};

static int take(void *context, struct ctl_answer *answer)
{
	const char *fields[2];
	struct last *last = context;

	if (!strcmp(answer->word, "entry")) {
		last->looked = !reply_fields(answer->text, fields, 2) &&
			       !text_number(fields[0], UINT32_MAX, &last->ago);
		if (last->looked)
			url_show(fields[1], last->url, sizeof(last->url));
	} else {
		check_json_add(last->steps, answer);
	}
	return 0;
}

/* What uxmcctl check says, of the last time, and when that was; NULL: not known */
static struct json_object *make_check(struct request *request)
{
	struct last last = { .steps = json_object_new_array() };
	struct ctl_question question = {
		.verb = "last",
		.argument = "",
		.take = take,
		.context = &last,
	};
	struct json_object *check = NULL;
	struct ctl_answer answer;

	if (!consult_all(&request->consult, &question, &answer))
		check = check_json(&answer, last.steps);
	if (check && last.looked) {
		ctl_json_number(check, "age_seconds", last.ago);
		ctl_json_text(check, "provisioned", last.url);
	}
	json_object_put(last.steps);
	return check;
}

/* Whoever may see it may not know the password in it. */
static struct json_object *make_status(struct request *request, struct view *view)
{
	char url[URL_MAX + 1];
	struct json_object *status;

	if (view->waiting) {
		url_show(view->url, url, sizeof(url));
		view->url = url;
	}
	status = view_json(view);
	json_object_object_add(status, "check", make_check(request));
	return status;
}

void page_status(struct request *request, struct answer *answer)
{
	struct json_object *status;
	struct view view;

	consult_open(&request->consult, request->config->control);
	view_look(&view, request->config->control);
	status = make_status(request, &view);
	answer->type = TYPE_JSON;
	markup_raw(&answer->body,
		   json_object_to_json_string_ext(status, JSON_C_TO_STRING_PLAIN |
						  JSON_C_TO_STRING_NOSLASHESCAPE));
	markup_raw(&answer->body, "\n");
	json_object_put(status);
	view_clear(&view);
}

static void write_metrics(FILE *out, struct request *request,
			  enum metrics_format format)
{
	struct metrics metrics;

	metrics_read(&metrics, request->config->control);
	metrics_write(out, &metrics, format);
	metrics_clear(&metrics);
}

/* Who does not ask for OpenMetrics has Prometheus' own format. */
void page_metrics(struct request *request, struct answer *answer)
{
	const char *accepted = request_header(request, "Accept");
	bool open = accepted && strstr(accepted, "application/openmetrics-text");
	char *text = NULL;
	size_t size;
	FILE *out;

	answer->type = open ?
		"application/openmetrics-text; version=1.0.0; charset=utf-8" :
		"text/plain; version=0.0.4; charset=utf-8";
	out = open_memstream(&text, &size);
	if (!out) {
		answer->body.failed = true;
		return;
	}
	write_metrics(out, request, open ? METRICS_OPEN : METRICS_PROMETHEUS);
	if (fclose(out))
		answer->body.failed = true;
	else
		markup_raw(&answer->body, text);
	free(text);
}
