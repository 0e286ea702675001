// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "ask.h"
#include "ctl.h"
#include "json.h"
#include "text.h"

enum field { NAME, VALUE, ORIGIN, PERM, FIELDS };

static void print_setting(const char **fields)
{
	printf("%s = %s (%s%s%s)\n", fields[NAME],
	       text_or_dash(fields[VALUE]), fields[ORIGIN],
	       *fields[PERM] ? ", " : "", fields[PERM]);
}

static void add_setting(struct json_object *settings, const char **fields)
{
	struct json_object *object = json_object_new_object();

	ctl_json_text(object, "value", fields[VALUE]);
	ctl_json_text(object, "origin", fields[ORIGIN]);
	ctl_json_text(object, "perm", fields[PERM]);
	json_object_object_add(settings, fields[NAME], object);
}

/* @context: what to add to; NULL: print it */
static int take_setting(void *context, struct ctl_answer *answer)
{
	const char *fields[FIELDS];
	int ret;

	ret = reply_fields(answer->text, fields, FIELDS);
	if (ret)
		return ret;
	if (context)
		add_setting(context, fields);
	else
		print_setting(fields);
	return 0;
}

static enum reply get_all(const struct ctl_options *options)
{
	struct ctl_question question = {
		.verb = "settings",
		.argument = "",
		.take = take_setting,
	};
	enum reply reply;

	if (options->json)
		question.context = json_object_new_object();
	reply = talk_ask(options->control, &question);
	if (reply == REPLY_OK && options->json)
		ctl_json_print(question.context);
	json_object_put(question.context);
	return reply;
}

enum reply ctl_get(const struct ctl_options *options, char **args)
{
	if (args[0])
		return talk(options->control, "get", args[0]);
	return get_all(options);
}
