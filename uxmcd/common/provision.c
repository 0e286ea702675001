// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "provision.h"

/* It says nothing of it any more. */
static void unset(struct provision *provision, enum setting_id id)
{
	free(provision->list[id]);
	provision->list[id] = NULL;
}

int provision_set(struct provision *provision, enum setting_id id,
		  const struct provision_entry *like, const char *value)
{
	struct provision_entry *entry;

	entry = malloc(sizeof(*entry) + strlen(value) + 1);
	if (!entry)
		return -ENOMEM;
	*entry = *like;
	memcpy(entry->value, value, strlen(value) + 1);
	unset(provision, id);
	provision->list[id] = entry;
	if (id == SETTING_FIRMWARE_UXM)
		provision->spoiled = false;
	return 0;
}

void provision_spoil(struct provision *provision)
{
	unset(provision, SETTING_FIRMWARE_UXM);
	provision->spoiled = true;
}

int provision_add(struct provision_line **list, int line, const char *text)
{
	size_t length = strlen(text) + 1;
	struct provision_line *added;

	added = malloc(sizeof(*added) + length);
	if (!added)
		return -ENOMEM;
	*added = (struct provision_line){ .line = line };
	memcpy(added->text, text, length);
	while (*list)
		list = &(*list)->next;
	*list = added;
	return 0;
}

size_t provision_count(const struct provision_line *list)
{
	size_t count;

	for (count = 0; list; list = list->next)
		count++;
	return count;
}

int provision_drop(struct provision *provision, int line, const char *sentence)
{
	size_t count = provision_count(provision->dropped);

	if (count == PROVISION_DROPPED_MAX)
		return 0;
	if (count == PROVISION_DROPPED_MAX - 1)
		sentence = "from here on there may be more that does not count";
	return provision_add(&provision->dropped, line, sentence);
}

void provision_free_lines(struct provision_line *list)
{
	struct provision_line *next;

	for (; list; list = next) {
		next = list->next;
		free(list);
	}
}

void provision_clear(struct provision *provision)
{
	enum setting_id id;

	for (id = 0; id < SETTINGS_COUNT; id++)
		unset(provision, id);
	provision_free_lines(provision->files);
	provision_free_lines(provision->dropped);
	memset(provision, 0, sizeof(*provision));
}

static size_t size_of_lines(const struct provision_line *list)
{
	size_t size = 0;

	for (; list; list = list->next)
		size += sizeof(*list) + strlen(list->text) + 1;
	return size;
}

size_t provision_size(const struct provision *provision)
{
	size_t size = size_of_lines(provision->files) +
		      size_of_lines(provision->dropped);
	enum setting_id id;

	for (id = 0; id < SETTINGS_COUNT; id++)
		if (provision->list[id])
			size += sizeof(*provision->list[id]) +
				strlen(provision->list[id]->value) + 1;
	return size;
}

void provision_move(struct provision *provision, struct provision *from)
{
	provision_clear(provision);
	*provision = *from;
	memset(from, 0, sizeof(*from));
}

static bool has_same_value(const struct provision_entry *one,
			   const struct provision_entry *other)
{
	return one && other ? !strcmp(one->value, other->value) : one == other;
}

bool provision_is_same(const struct provision *one, const struct provision *other)
{
	enum setting_id id;

	for (id = 0; id < SETTINGS_COUNT; id++)
		if (!has_same_value(one->list[id], other->list[id]))
			return false;
	return true;
}

bool provision_lines_are_same(const struct provision_line *one,
			      const struct provision_line *other)
{
	for (; one && other; one = one->next, other = other->next)
		if (one->line != other->line || strcmp(one->text, other->text))
			return false;
	return one == other;
}
