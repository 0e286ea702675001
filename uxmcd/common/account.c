// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "account.h"

int account_find(const char *name, struct account *account)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *entry = NULL;
	int ret = -ENOENT;

	while (ret && file && (entry = fgetpwent(file))) {
		if (strcmp(entry->pw_name, name) != 0)
			continue;
		*account = (struct account) {
			.user = entry->pw_uid,
			.group = entry->pw_gid,
		};
		ret = 0;
	}
	if (file)
		fclose(file);
	return ret;
}

static bool has_member(const struct group *group, const char *name)
{
	char **member;

	for (member = group->gr_mem; *member; member++)
		if (!strcmp(*member, name))
			return true;
	return false;
}

size_t account_groups(const char *name, gid_t *groups, size_t max)
{
	FILE *file = fopen("/etc/group", "re");
	const struct group *entry;
	size_t count = 0;

	while (count < max && file && (entry = fgetgrent(file)))
		if (has_member(entry, name))
			groups[count++] = entry->gr_gid;
	if (file)
		fclose(file);
	return count;
}
