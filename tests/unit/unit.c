// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

struct directory {
	char path[64];
	int fd;
};

int unit_make_dir(void **state)
{
	struct directory *directory = malloc(sizeof(*directory));

	if (!directory)
		return -1;
	*state = directory;
	strcpy(directory->path, "/tmp/uxmc-unit-XXXXXX");
	if (!mkdtemp(directory->path))
		return -1;
	directory->fd = open(directory->path, O_RDONLY | O_DIRECTORY);
	return directory->fd < 0 ? -1 : 0;
}

static int remove_one(const char *path, const struct stat *status, int type,
		      struct FTW *place)
{
	(void)status;
	(void)type;
	(void)place;
	return remove(path);
}

int unit_remove_dir(void **state)
{
	struct directory *directory = *state;

	close(directory->fd);
	nftw(directory->path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(directory);
	return 0;
}

int unit_dir(void **state)
{
	const struct directory *directory = *state;

	return directory->fd;
}

void unit_write(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

int unit_exists(int dir, const char *name)
{
	return !faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW);
}
