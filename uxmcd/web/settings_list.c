// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "settings_list.h"
#include "text.h"

enum field { NAME, VALUE, ORIGIN, PERM, FIELDS };

static void take_fields(struct settings_entry *entry, const char * const *fields)
{
	entry->there = true;
	url_show(fields[VALUE], entry->value, sizeof(entry->value));
	text_format(entry->origin, sizeof(entry->origin), "%s", fields[ORIGIN]);
	permission_parse(fields[PERM], &entry->permission);
}

/* Those of a later uxmcd are not shown: nobody here could say what they are. */
static int take(void *context, struct ctl_answer *answer)
{
	struct settings_list *list = context;
	const char *fields[FIELDS];
	enum setting_id id;

	if (!reply_fields(answer->text, fields, FIELDS) &&
	    !setting_find(fields[NAME], &id))
		take_fields(&list->list[id], fields);
	return 0;
}

struct settings_list *settings_list_read(struct consult *consult)
{
	struct settings_list *list = calloc(1, sizeof(*list));
	struct ctl_question question = {
		.verb = "settings",
		.argument = "",
		.take = take,
		.context = list,
	};
	struct ctl_answer answer;

	if (list && !consult_all(consult, &question, &answer) &&
	    answer.reply == REPLY_OK)
		return list;
	free(list);
	return NULL;
}
