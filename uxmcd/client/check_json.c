// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "check_json.h"
#include "json.h"
#include "text.h"

static struct json_object *make_step(const char *rule, const char *outcome,
				     const char *text)
{
	struct json_object *object = json_object_new_object();

	ctl_json_text(object, "rule", rule);
	ctl_json_text(object, "outcome", outcome);
	ctl_json_text(object, "text", text);
	return object;
}

static struct json_object *make_file(const struct ctl_file *file)
{
	struct json_object *object = make_step("file", file->outcome, file->text);
	uint64_t next;

	ctl_json_text(object, "setting", file->setting);
	ctl_json_text(object, "url", file->url);
	if (text_number(file->next, INT64_MAX, &next))
		json_object_object_add(object, "next", NULL);
	else
		ctl_json_number(object, "next", next);
	return object;
}

int check_json_add(struct json_object *steps, struct ctl_answer *answer)
{
	struct ctl_step step;
	struct ctl_file file;
	int ret;

	if (!strcmp(answer->word, "file")) {
		ret = reply_file(answer->text, &file);
		if (!ret)
			json_object_array_add(steps, make_file(&file));
		return ret;
	}
	ret = reply_step(answer->text, &step);
	if (!ret)
		json_object_array_add(steps, make_step(step.rule, step.outcome,
						       step.text));
	return ret;
}

struct json_object *check_json(const struct ctl_answer *end, struct json_object *steps)
{
	struct json_object *root = json_object_new_object();

	ctl_json_text(root, "result", end->word);
	ctl_json_text(root, "sentence", end->text);
	ctl_json_number(root, "code", end->reply);
	json_object_object_add(root, "steps", json_object_get(steps));
	return root;
}
