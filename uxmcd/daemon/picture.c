// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "picture.h"

/* What the file says takes precedence over what those before it say. */
static int add(struct picture *picture, const struct document *document)
{
	const struct provision *said = &document->said;
	enum setting_id id;
	int ret = 0;

	if (said->spoiled)
		provision_spoil(&picture->said);
	if (said->spoiled || said->list[SETTING_FIRMWARE_UXM])
		picture->image = document;
	for (id = 0; id < SETTINGS_COUNT && !ret; id++)
		if (said->list[id])
			ret = provision_set(&picture->said, id, said->list[id],
					    said->list[id]->value);
	return ret;
}

static bool is_good(const struct document *document)
{
	return document->outcome == DOCUMENT_GOOD;
}

/* One that may be missing, and is, has not failed. */
static bool is_bad_first(const struct place *place)
{
	return !place->above && !is_good(place->document) &&
	       !(place->optional && !place->document->failures);
}

static const struct document *find_bad_first(const struct documents *documents)
{
	const struct place *place = documents->first;

	while (place && !is_bad_first(place))
		place = place->next;
	return place ? place->document : NULL;
}

static const struct document *find_open(const struct documents *documents,
					uint64_t now)
{
	const struct place *place = documents->first;

	while (place && !(place->above && document_is_open(place->document, now)))
		place = place->next;
	return place ? place->document : NULL;
}

static const struct document *find_obstacle(const struct picture *picture,
					    const struct documents *documents,
					    uint64_t now)
{
	const struct document *bad = find_bad_first(documents);

	if (bad)
		return bad;
	if (picture->image && !is_good(picture->image))
		return picture->image;
	return find_open(documents, now);
}

int picture_make(struct picture *picture, const struct documents *documents,
		 uint64_t now)
{
	struct picture made = { .image = NULL };
	const struct place *place;
	int ret = 0;

	for (place = documents->first; place && !ret; place = place->next)
		ret = add(&made, place->document);
	if (ret) {
		provision_clear(&made.said);
		*picture = (struct picture){ .said = picture->said, .open = true };
		return ret;
	}
	made.obstacle = find_obstacle(&made, documents, now);
	made.open = find_open(documents, now);
	made.changed = !provision_is_same(&made.said, &picture->said);
	provision_clear(&picture->said);
	*picture = made;
	return 0;
}

void picture_clear(struct picture *picture)
{
	provision_clear(&picture->said);
	memset(picture, 0, sizeof(*picture));
}
