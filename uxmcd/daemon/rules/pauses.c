// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <sys/param.h>

#include "pauses.h"
#include "schedule.h"
#include "text.h"

static uint64_t left(const struct pause *pause, uint64_t now)
{
	return pause->until > now ? pause->until - now : 0;
}

/* NULL: it is not owed any. */
static const struct pause *find(const struct pauses *pauses, const char *server)
{
	const struct pause *pause;

	for (pause = pauses->list; pause < pauses->list + PAUSES_MAX; pause++)
		if (!strcmp(pause->server, server))
			return pause;
	return NULL;
}

/* Its own place, or that of the pause that is over first. */
static struct pause *find_place(struct pauses *pauses, const char *server)
{
	struct pause *pause, *first = pauses->list;

	for (pause = pauses->list; pause < pauses->list + PAUSES_MAX; pause++) {
		if (!strcmp(pause->server, server))
			return pause;
		if (pause->until < first->until)
			first = pause;
	}
	return first;
}

void pauses_owe(struct pauses *pauses, const char *url, uint64_t seconds,
		uint64_t now)
{
	uint64_t pause = MIN(seconds, SCHEDULE_DAY / 1000) * 1000;
	char server[URL_SERVER_MAX + 1];
	struct pause *place;

	if (!pause || url_server(url, server, sizeof(server)))
		return;
	place = find_place(pauses, server);
	text_copy(place->server, sizeof(place->server), server);
	place->until = now + pause;
}

uint64_t pauses_left(const struct pauses *pauses, const char *url, uint64_t now)
{
	char server[URL_SERVER_MAX + 1];
	const struct pause *pause;

	if (url_server(url, server, sizeof(server)))
		return 0;
	pause = find(pauses, server);
	return pause ? left(pause, now) : 0;
}

uint64_t pauses_longest(const struct pauses *pauses, uint64_t now)
{
	uint64_t longest = 0;
	size_t i;

	for (i = 0; i < PAUSES_MAX; i++)
		longest = MAX(longest, left(&pauses->list[i], now));
	return longest;
}
