// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "documents.h"

static void free_places(struct documents *documents)
{
	struct place *place, *next;

	for (place = documents->first; place; place = next) {
		next = place->next;
		free(place);
	}
	documents->first = NULL;
}

static void unmark_all(struct documents *documents)
{
	struct document *document;

	for (document = documents->list; document; document = document->next)
		document->mark = false;
}

void documents_begin(struct documents *documents)
{
	free_places(documents);
	unmark_all(documents);
}

static struct document *find(const struct documents *documents, const char *url)
{
	struct document *document = documents->list;

	while (document && strcmp(document->url, url))
		document = document->next;
	return document;
}

static struct document *find_or_add(struct documents *documents, const char *url)
{
	struct document *document = find(documents, url);

	if (document)
		return document;
	document = document_new(url);
	if (!document)
		return NULL;
	document->next = documents->list;
	documents->list = document;
	return document;
}

struct place *documents_place(struct documents *documents, struct place *after,
			      const struct place *above, const char *url)
{
	struct place **at = after ? &after->next : &documents->first;
	struct place *place = calloc(1, sizeof(*place));

	if (!place)
		return NULL;
	place->document = find_or_add(documents, url);
	if (!place->document) {
		free(place);
		return NULL;
	}
	place->above = above;
	place->depth = above ? above->depth + 1 : 1;
	place->next = *at;
	*at = place;
	return place;
}

void documents_visit(struct place *place)
{
	place->again = place->document->mark;
	place->document->mark = true;
}

/* Files that have had no turn */
void documents_end(struct documents *documents)
{
	struct document **at = &documents->list, *document;

	while ((document = *at)) {
		if (document->mark) {
			at = &document->next;
			continue;
		}
		*at = document->next;
		document_free(document);
	}
}

void documents_forget(struct documents *documents)
{
	documents_begin(documents);
	documents_end(documents);
}

bool documents_failed_by(const struct documents *documents, int error)
{
	const struct document *document = documents->list;

	while (document && document->error != error)
		document = document->next;
	return document;
}

size_t documents_count_places(const struct documents *documents)
{
	const struct place *place = documents->first;
	size_t count;

	for (count = 0; place; place = place->next)
		count++;
	return count;
}

size_t documents_room(const struct documents *documents,
		      const struct document *document)
{
	const struct document *other;
	size_t size = 0;

	for (other = documents->list; other; other = other->next)
		if (other != document)
			size += provision_size(&other->said);
	return size < DOCUMENTS_SIZE_MAX ? DOCUMENTS_SIZE_MAX - size : 0;
}

bool place_is_loop(const struct place *place)
{
	const struct place *above;

	for (above = place->above; above; above = above->above)
		if (above->document == place->document)
			return true;
	return false;
}
