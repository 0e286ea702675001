// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "ask.h"
#include "ctl.h"
#include "json.h"
#include "text.h"

/* What has been told of the lookup; @steps is NULL if a table is printed. */
struct findings {
	size_t count;
	struct json_object *steps;
};

static void print_step(const struct findings *findings, const struct ctl_step *step)
{
	if (!findings->count)
		printf("%-15s %-7s %s\n", "RULE", "OUTCOME", "WHY");
	printf("%-15s %-7s %s\n", step->rule, step->outcome, step->text);
}

static struct json_object *make_step(const struct ctl_step *step)
{
	struct json_object *object = json_object_new_object();

	ctl_json_text(object, "rule", step->rule);
	ctl_json_text(object, "outcome", step->outcome);
	ctl_json_text(object, "text", step->text);
	return object;
}

static int take_step(const struct findings *findings, char *text)
{
	struct ctl_step step;
	int ret;

	ret = reply_step(text, &step);
	if (ret)
		return ret;
	if (findings->steps)
		json_object_array_add(findings->steps, make_step(&step));
	else
		print_step(findings, &step);
	return 0;
}

/* A file that a setting leads to: the fields of its packet. */
enum { SETTING, OUTCOME, NEXT, URL, TEXT, FIELDS };

static void print_file(const struct findings *findings, const char **fields)
{
	char why[REPLY_PACKET_MAX];
	struct ctl_step step = {
		.rule = "file", .outcome = fields[OUTCOME], .text = why,
	};

	if (*fields[NEXT])
		snprintf(why, sizeof(why), "%s: %s; looked at again in %s s",
			 fields[URL], fields[TEXT], fields[NEXT]);
	else
		snprintf(why, sizeof(why), "%s: %s", fields[URL], fields[TEXT]);
	print_step(findings, &step);
}

static void add_file(const struct findings *findings, const char **fields)
{
	struct ctl_step step = {
		.rule = "file", .outcome = fields[OUTCOME], .text = fields[TEXT],
	};
	struct json_object *object = make_step(&step);
	uint64_t next;

	ctl_json_text(object, "setting", fields[SETTING]);
	ctl_json_text(object, "url", fields[URL]);
	if (text_number(fields[NEXT], INT64_MAX, &next))
		json_object_object_add(object, "next", NULL);
	else
		ctl_json_number(object, "next", next);
	json_object_array_add(findings->steps, object);
}

static int take_file(const struct findings *findings, char *text)
{
	const char *fields[FIELDS];
	int ret;

	ret = reply_fields(text, fields, FIELDS);
	if (ret)
		return ret;
	if (findings->steps)
		add_file(findings, fields);
	else
		print_file(findings, fields);
	return 0;
}

static int take(void *context, struct ctl_answer *answer)
{
	struct findings *findings = context;
	int ret;

	ret = strcmp(answer->word, "file") ? take_step(findings, answer->text) :
					     take_file(findings, answer->text);
	findings->count++;
	return ret;
}

static void print_end(const struct ctl_answer *answer)
{
	const char *text = *answer->text ? answer->text : answer->word;

	if (answer->reply == REPLY_OK)
		puts(text);
	else
		ctl_say("%s", text);
}

static void print_json(const struct findings *findings, const struct ctl_answer *answer)
{
	struct json_object *root = json_object_new_object();

	ctl_json_text(root, "result", answer->word);
	ctl_json_text(root, "sentence", answer->text);
	ctl_json_number(root, "code", answer->reply);
	json_object_object_add(root, "steps", json_object_get(findings->steps));
	ctl_json_print(root);
	json_object_put(root);
}

static void take_end(void *context, const struct ctl_answer *answer)
{
	const struct findings *findings = context;

	if (findings->steps)
		print_json(findings, answer);
	else
		print_end(answer);
}

enum reply ctl_check(const struct ctl_options *options, char **args)
{
	struct findings findings = { 0 };
	struct ctl_question question = {
		.verb = "check",
		.argument = "",
		.slow = true,
		.take = take,
		.end = take_end,
		.context = &findings,
	};
	enum reply reply;

	(void)args;
	if (options->json)
		findings.steps = json_object_new_array();
	reply = talk_ask(options->control, &question);
	json_object_put(findings.steps);
	return reply;
}
