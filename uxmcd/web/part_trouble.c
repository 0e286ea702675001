// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "parts.h"

/* What the programs say is English, whatever the page is. */
static void put_english(struct answer *answer, const char *sentence)
{
	markup(&answer->body, "<p class=\"note\" lang=\"en\">%s</p>\n", sentence);
}

static void put(struct request *request, struct answer *answer, enum word sentence)
{
	markup(&answer->body, "<p class=\"note\">%s</p>\n", say(request, sentence));
}

static void put_driver(struct request *request, struct answer *answer,
		       const struct view *view)
{
	char sentence[CTL_DRIVER_SENTENCE_MAX];

	ctl_driver_sentence(&view->driver, sentence);
	put(request, answer, WORD_NO_DRIVER);
	put_english(answer, sentence);
}

static void put_unbound(struct answer *answer, const struct bus *bus)
{
	char sentence[BUS_SENTENCE_MAX];
	size_t i;

	for (i = 0; i < bus->count; i++) {
		bus_sentence(&bus->list[i], sentence);
		put_english(answer, sentence);
	}
}

void part_trouble(struct request *request, struct answer *answer,
		  const struct view *view, int error)
{
	if (error)
		put_english(answer, strerror(-error));
	else if (!view->loaded)
		put_driver(request, answer, view);
	else if (!view->modules.count && !view->bus.count)
		put(request, answer, WORD_NO_MODULE);
	if (view->loaded)
		put_unbound(answer, &view->bus);
	if (!view->daemon)
		put(request, answer, WORD_NO_DAEMON);
	if (view->silent)
		put(request, answer, WORD_SILENT);
}
