// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "unit_provision.h"

char error[ERROR_SIZE];
bool listed;

int parse(const char *data, size_t size, struct provision *provision)
{
	strcpy(error, "");
	return provision_parse(data, size, listed, provision, error,
			       sizeof(error));
}

void add(char *text, size_t size, const char *format, ...)
{
	size_t length = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + length, size - length, format, args);
	va_end(args);
}

static void add_entries(char *text, size_t size,
			const struct provision *provision)
{
	size_t i;

	for (i = 0; i < SETTINGS_COUNT; i++) {
		const struct provision_entry *entry = provision->list[i];
		char perm[PERMISSION_SIZE];

		if (!entry)
			continue;
		permission_format(&entry->permission, perm, sizeof(perm));
		add(text, size, "%s(%s)=%s%s%s", setting_name((enum setting_id)i),
		    perm, entry->value, *entry->sha256 ? " " : "", entry->sha256);
		if (entry->rollout.limited)
			add(text, size, " %u%%", entry->rollout.percent);
		add(text, size, ";");
	}
}

const char *said(const char *data)
{
	static char text[8192];
	struct provision provision = { 0 };
	const struct provision_line *line;

	if (parse(data, strlen(data), &provision))
		return error;
	text[0] = '\0';
	add_entries(text, sizeof(text), &provision);
	for (line = provision.files; line; line = line->next)
		add(text, sizeof(text), "file=%s;", line->text);
	for (line = provision.dropped; line; line = line->next)
		add(text, sizeof(text), "line %d: %s;", line->line, line->text);
	if (provision.spoiled)
		add(text, sizeof(text), "spoiled");
	provision_clear(&provision);
	return text;
}

void check(const struct shape *shapes, size_t count)
{
	for (; count; count--, shapes++) {
		const char *text = said(shapes->data);

		if (strcmp(text, shapes->says))
			fail_msg("%s: %s", shapes->name, text);
	}
}
