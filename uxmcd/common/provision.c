// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "provision.h"

static size_t size_of(const struct provision_entry *entry)
{
	return sizeof(*entry) + strlen(entry->value) + 1;
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
	provision_unset(provision, id);
	provision->list[id] = entry;
	provision->size += size_of(entry);
	return 0;
}

void provision_unset(struct provision *provision, enum setting_id id)
{
	if (!provision->list[id])
		return;
	provision->size -= size_of(provision->list[id]);
	free(provision->list[id]);
	provision->list[id] = NULL;
}

void provision_clear(struct provision *provision)
{
	enum setting_id id;

	for (id = 0; id < SETTINGS_COUNT; id++)
		provision_unset(provision, id);
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
