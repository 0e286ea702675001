// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "modules.h"

struct module *modules_find(const struct modules *modules, uint32_t id)
{
	size_t i;

	for (i = 0; i < modules->count; i++)
		if (modules->list[i].id == id)
			return &modules->list[i];
	return NULL;
}

struct module *modules_find_at(const struct modules *modules, const char *port,
			       const char *serial)
{
	size_t i;

	for (i = 0; i < modules->count; i++)
		if (module_is_at(&modules->list[i], port, serial))
			return &modules->list[i];
	return NULL;
}

struct module *modules_find_busy(const struct modules *modules)
{
	size_t i;

	for (i = 0; i < modules->count; i++)
		if (module_is_busy(&modules->list[i]))
			return &modules->list[i];
	return NULL;
}

struct module *modules_put(struct modules *modules, const struct module *module)
{
	struct module *place = modules_find(modules, module->id);

	if (!place) {
		place = reallocarray(modules->list, modules->count + 1,
				     sizeof(*place));
		if (!place)
			return NULL;
		modules->list = place;
		place += modules->count++;
	}
	*place = *module;
	return place;
}

void modules_remove(struct modules *modules, uint32_t id)
{
	struct module *place = modules_find(modules, id);

	if (!place)
		return;
	modules->count--;
	memmove(place, place + 1,
		(size_t)(modules->list + modules->count - place) *
		sizeof(*place));
}

void modules_clear(struct modules *modules)
{
	free(modules->list);
	modules->list = NULL;
	modules->count = 0;
}
