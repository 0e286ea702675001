// SPDX-License-Identifier: GPL-2.0-or-later
/* The state directory is a real one, in memory; a disk that is bad is made of wraps. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "world.h"
#include "wraps.h"

static bool is_bad, was_bad;

void disk_break(bool bad)
{
	is_bad = bad;
	was_bad |= bad;
}

bool disk_was_bad(void)
{
	return was_bad;
}

int __wrap_fsync(int fd)
{
	(void)fd;
	if (!is_bad)
		return 0;
	errno = EIO;
	return -1;
}

int __wrap_renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	if (!is_bad)
		return __real_renameat(from_dir, from, to_dir, to);
	errno = ENOSPC;
	return -1;
}

static char path_of_disk[32];

const char *disk_path(void)
{
	return path_of_disk;
}

static void empty(const char *path)
{
	char name[512];
	struct dirent *entry;
	DIR *list = opendir(path);

	if (!list)
		return;
	while ((entry = readdir(list))) {
		if (*entry->d_name == '.' && strlen(entry->d_name) < 3)
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		unlink(name);
	}
	closedir(list);
}

static void remove_disk(void)
{
	char firmware[64];

	snprintf(firmware, sizeof(firmware), "%s/firmware", path_of_disk);
	empty(firmware);
	rmdir(firmware);
	empty(path_of_disk);
	rmdir(path_of_disk);
}

static void open_disk(void)
{
	static bool open;

	if (open)
		return;
	strcpy(path_of_disk, "/dev/shm/uxmc-fuzz.XXXXXX");
	if (!mkdtemp(path_of_disk))
		world_wrong("%s: %s", path_of_disk, strerror(errno));
	atexit(remove_disk);
	open = true;
}

void disk_make(void)
{
	char firmware[64];

	is_bad = false;
	was_bad = false;
	open_disk();
	snprintf(firmware, sizeof(firmware), "%s/firmware", path_of_disk);
	empty(firmware);
	empty(path_of_disk);
}

bool disk_has(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", path_of_disk, name);
	return !access(path, F_OK);
}

/* Is it of so many such bytes, and no more? */
bool disk_is_made_of(const char *name, unsigned char byte, size_t count)
{
	char path[512];
	FILE *file;
	int next;

	snprintf(path, sizeof(path), "%s/%s", path_of_disk, name);
	file = fopen(path, "re");
	if (!file)
		return false;
	while ((next = fgetc(file)) == byte && count)
		count--;
	fclose(file);
	return next == EOF && !count;
}

unsigned int disk_image(const char *name)
{
	unsigned char first = 0;
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/firmware/%s", path_of_disk, name);
	file = fopen(path, "rbe");
	if (!file)
		return 0;
	if (fread(&first, 1, 1, file) != 1)
		first = 0;
	fclose(file);
	return first;
}

size_t disk_images(void)
{
	char path[64];
	size_t count = 0;
	struct dirent *entry;
	DIR *list;

	snprintf(path, sizeof(path), "%s/firmware", path_of_disk);
	list = opendir(path);
	while (list && (entry = readdir(list)))
		count += !!strstr(entry->d_name, "snom");
	if (list)
		closedir(list);
	return count;
}
