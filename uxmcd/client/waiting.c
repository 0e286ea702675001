// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "waiting.h"

const char *waiting_port(const struct view *view)
{
	char name[VIEW_NAME_SIZE];
	size_t i;

	for (i = 0; i < view->modules.count; i++) {
		view_name(&view->modules.list[i], name);
		if (!strcmp(name, view->waiting))
			return view->modules.list[i].port;
	}
	return "";
}
