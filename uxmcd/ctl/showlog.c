// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "ask.h"
#include "ctl.h"
#include "json.h"
#include "logline.h"

/* What has been told; @updates is NULL if a table is printed. */
struct list {
	size_t count;
	struct json_object *updates;
};

static void print_line(const struct list *list, const struct logline *line)
{
	char text[LOGLINE_MAX];

	if (!list->count) {
		logline_head(text, sizeof(text));
		puts(text);
	}
	logline_format(line, text, sizeof(text));
	puts(text);
	if (*line->message)
		printf("         error: %s\n", line->message);
}

static void add_line(const struct list *list, const struct logline *line)
{
	struct json_object *object = json_object_new_object();

	if (line->when)
		ctl_json_number(object, "when", line->when);
	else
		json_object_object_add(object, "when", NULL);
	ctl_json_number(object, "seconds", line->seconds);
	ctl_json_text(object, "result", line->result);
	ctl_json_text(object, "origin", line->origin);
	ctl_json_text(object, "port", line->port);
	ctl_json_text(object, "serial_number", line->serial);
	ctl_json_text(object, "model", line->model);
	ctl_json_text(object, "from", line->from);
	ctl_json_text(object, "to", line->to);
	ctl_json_text(object, "url", line->url);
	ctl_json_text(object, "error", line->message);
	ctl_json_text(object, "trust", line->trust);
	json_object_array_add(list->updates, object);
}

static int take_entry(void *context, struct ctl_answer *answer)
{
	struct list *list = context;
	struct logline line;
	int ret;

	ret = logline_parse(answer->text, &line);
	if (ret)
		return ret;
	if (list->updates)
		add_line(list, &line);
	else
		print_line(list, &line);
	list->count++;
	return 0;
}

static void print_json(const struct list *list)
{
	struct json_object *root = json_object_new_object();

	json_object_object_add(root, "updates", json_object_get(list->updates));
	ctl_json_print(root);
	json_object_put(root);
}

enum reply ctl_log(const struct ctl_options *options, char **args)
{
	struct list list = { 0 };
	struct ctl_question question = {
		.verb = "log",
		.argument = "",
		.take = take_entry,
		.context = &list,
	};
	enum reply reply;

	(void)args;
	if (options->json)
		list.updates = json_object_new_array();
	reply = talk_ask(options->control, &question);
	if (reply == REPLY_OK && list.updates)
		print_json(&list);
	else if (reply == REPLY_OK && !list.count)
		puts("there has been no update");
	json_object_put(list.updates);
	return reply;
}
