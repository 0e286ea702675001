// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "file.h"
#include "image.h"
#include "text.h"

/* So much at a time is handed to the disk, so that the last sync is short. */
#define FLUSH_SIZE	(4UL * 1024UL * 1024UL)
#define PART_MAX	(IMAGENAME_MAX + sizeof("..part"))

static void part_name(char *part, const char *name)
{
	snprintf(part, PART_MAX, ".%s.part", name);
}

static int open_part(struct image *image, int dir, const char *name, int flags)
{
	struct image opened = { .dir = dir };
	char part[PART_MAX];
	struct stat stat;
	int ret;

	ret = text_copy(opened.name, sizeof(opened.name), name);
	if (ret)
		return ret;
	part_name(part, name);
	opened.fd = openat(dir, part,
			   O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0644);
	if (opened.fd < 0)
		return -errno;
	if (fstat(opened.fd, &stat) ||
	    lseek(opened.fd, 0, SEEK_END) != stat.st_size) {
		ret = -errno;
		close(opened.fd);
		return ret;
	}
	opened.size = (uint64_t)stat.st_size;
	*image = opened;
	return 0;
}

int image_create(struct image *image, int dir, const char *name)
{
	return open_part(image, dir, name, O_CREAT | O_TRUNC);
}

int image_reopen(struct image *image, int dir, const char *name)
{
	return open_part(image, dir, name, 0);
}

int image_rewind(struct image *image)
{
	if (ftruncate(image->fd, 0) || lseek(image->fd, 0, SEEK_SET))
		return -errno;
	image->size = 0;
	return 0;
}

ssize_t image_peek(const struct image *image, uint64_t from, void *data,
		   size_t size)
{
	return file_fill(image->fd, from, data, size);
}

/* Starts writing out what was stored since the last multiple of FLUSH_SIZE. */
static void flush(const struct image *image, size_t added)
{
	uint64_t before = (image->size - added) / FLUSH_SIZE;

	if (before != image->size / FLUSH_SIZE)
		sync_file_range(image->fd, (off_t)(before * FLUSH_SIZE),
				FLUSH_SIZE, SYNC_FILE_RANGE_WRITE);
}

int image_write(struct image *image, const void *data, size_t length)
{
	ssize_t count;

	while (length) {
		count = write(image->fd, data, length);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -errno;
		data = (const char *)data + count;
		length -= (size_t)count;
		image->size += (uint64_t)count;
		flush(image, (size_t)count);
	}
	return 0;
}

int image_open(struct image *image, int dir, const char *name)
{
	struct image opened = { .dir = dir, .whole = true };
	int ret = image_stat(dir, name, &opened.size);

	if (ret)
		return ret;
	opened.fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (opened.fd < 0)
		return -errno;
	*image = opened;
	return 0;
}

int image_room(const struct image *image, uint64_t *room)
{
	struct statvfs fs;

	if (fstatvfs(image->fd, &fs))
		return -errno;
	*room = (uint64_t)fs.f_bavail * fs.f_frsize;
	return 0;
}

int image_finish(struct image *image)
{
	char part[PART_MAX];
	int ret = 0;

	if (image->whole) {
		image_close(image);
		return 0;
	}
	part_name(part, image->name);
	if (fsync(image->fd))
		ret = -errno;
	if (close(image->fd) && !ret)
		ret = -errno;
	image->fd = -1;
	if (ret)
		return ret;
	if (renameat(image->dir, part, image->dir, image->name))
		return -errno;
	return fsync(image->dir) ? -errno : 0;
}

void image_close(struct image *image)
{
	if (image->fd >= 0)
		close(image->fd);
	image->fd = -1;
}

int image_stat(int dir, const char *name, uint64_t *size)
{
	struct stat stat;

	if (fstatat(dir, name, &stat, AT_SYMLINK_NOFOLLOW))
		return -errno;
	if (!S_ISREG(stat.st_mode))
		return -ENOENT;
	*size = (uint64_t)stat.st_size;
	return 0;
}

void image_remove(int dir, const char *name)
{
	char part[PART_MAX];

	part_name(part, name);
	unlinkat(dir, part, 0);
	unlinkat(dir, name, 0);
	fsync(dir);
}

/* Only what uxmcd itself puts there is removed: other files are not its own. */
static bool is_image(const char *file, const char *keep)
{
	char name[PART_MAX];
	struct imagename image;
	size_t length;

	if (*file == '.')
		file++;
	if (text_copy(name, sizeof(name), file))
		return false;
	length = strlen(name);
	if (length > 5 && !strcmp(name + length - 5, ".part"))
		name[length - 5] = '\0';
	if (imagename_parse(name, &image))
		return false;
	return !keep || strcmp(name, keep);
}

int image_sweep(int dir, const char *keep)
{
	struct dirent *entry;
	DIR *list = file_list(dir);
	int count = 0;

	if (!list)
		return -errno;
	while ((entry = readdir(list)))
		if (is_image(entry->d_name, keep) &&
		    !unlinkat(dir, entry->d_name, 0))
			count++;
	closedir(list);
	return count;
}
