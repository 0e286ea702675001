// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "ask.h"
#include "check_json.h"
#include "ctl.h"
#include "json.h"

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

static void print_file(const struct findings *findings, const struct ctl_file *file)
{
	char why[REPLY_PACKET_MAX];
	struct ctl_step step = {
		.rule = "file", .outcome = file->outcome, .text = why,
	};

	if (*file->next)
		snprintf(why, sizeof(why), "%s: %s; looked at again in %s s",
			 file->url, file->text, file->next);
	else
		snprintf(why, sizeof(why), "%s: %s", file->url, file->text);
	print_step(findings, &step);
}

static int print_packet(const struct findings *findings, struct ctl_answer *answer)
{
	struct ctl_step step;
	struct ctl_file file;
	int ret;

	if (!strcmp(answer->word, "file")) {
		ret = reply_file(answer->text, &file);
		if (!ret)
			print_file(findings, &file);
		return ret;
	}
	ret = reply_step(answer->text, &step);
	if (!ret)
		print_step(findings, &step);
	return ret;
}

static int take(void *context, struct ctl_answer *answer)
{
	struct findings *findings = context;
	int ret = findings->steps ? check_json_add(findings->steps, answer) :
				    print_packet(findings, answer);

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
	struct json_object *root = check_json(answer, findings->steps);

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
