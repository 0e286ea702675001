// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "owner.h"

static int take(int dir, const char *name)
{
	return fchownat(dir, name, geteuid(), getegid(),
			AT_SYMLINK_NOFOLLOW) ? -errno : 0;
}

static int take_files(int dir, DIR *list)
{
	const struct dirent *entry;
	int ret = 0;

	while (!ret && (entry = readdir(list)))
		if (strcmp(entry->d_name, "..") != 0)
			ret = take(dir, entry->d_name);
	return ret;
}

int owner_take(int dir)
{
	struct stat stat;
	DIR *list;
	int ret;

	if (fstat(dir, &stat))
		return -errno;
	if (geteuid() || !stat.st_uid)
		return 0;
	list = file_list(dir);
	if (!list)
		return -errno;
	ret = take_files(dir, list);
	closedir(list);
	return ret;
}
