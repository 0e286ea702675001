// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "updates.h"

static int take(void *context, struct ctl_answer *answer)
{
	struct updates *updates = context;
	struct updates_place *place =
		&updates->places[(updates->first + updates->count) % UPDATES_MAX];

	text_format(place->text, sizeof(place->text), "%s", answer->text);
	if (logline_parse(place->text, &place->line))
		return 0;
	if (updates->count < UPDATES_MAX)
		updates->count++;
	else
		updates->first++;
	return 0;
}

struct updates *updates_read(struct consult *consult)
{
	struct updates *updates = calloc(1, sizeof(*updates));
	struct ctl_question question = {
		.verb = "log",
		.argument = "",
		.take = take,
		.context = updates,
	};
	struct ctl_answer answer;

	if (updates && !consult_all(consult, &question, &answer) &&
	    answer.reply == REPLY_OK)
		return updates;
	free(updates);
	return NULL;
}

const struct logline *updates_get(const struct updates *updates, size_t index)
{
	size_t place = updates->first + updates->count - 1 - index;

	return &updates->places[place % UPDATES_MAX].line;
}

const struct logline *updates_find(const struct updates *updates, const char *port,
				   const char *serial)
{
	const struct logline *line;
	size_t i;

	for (i = 0; updates && i < updates->count; i++) {
		line = updates_get(updates, i);
		if (!strcmp(line->port, port) && !strcmp(line->serial, serial))
			return line;
	}
	return NULL;
}
