// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"

#define NAME_MAX_TEXT	64

static int write_all(int fd, const char *text, size_t length)
{
	ssize_t count;

	while (length) {
		count = write(fd, text, length);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -errno;
		text += count;
		length -= (size_t)count;
	}
	return fsync(fd) ? -errno : 0;
}

static int write_aside(int dir, const char *name, const char *text,
		       size_t length)
{
	int fd, ret;

	fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	ret = write_all(fd, text, length);
	if (close(fd) && !ret)
		ret = -errno;
	return ret;
}

int file_replace(int dir, const char *name, const char *text, size_t length)
{
	char aside[NAME_MAX_TEXT];
	int ret;

	snprintf(aside, sizeof(aside), "%s.new", name);
	ret = write_aside(dir, aside, text, length);
	if (!ret && renameat(dir, aside, dir, name))
		ret = -errno;
	if (ret) {
		unlinkat(dir, aside, 0);
		return ret;
	}
	return fsync(dir) ? -errno : 0;
}

ssize_t file_fill(int fd, uint64_t from, void *data, size_t size)
{
	size_t length = 0;
	ssize_t count;

	while (length < size) {
		count = pread(fd, (char *)data + length, size - length,
			      (off_t)(from + length));
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -errno;
		if (!count)
			break;
		length += (size_t)count;
	}
	return (ssize_t)length;
}

int file_read(int dir, const char *name, size_t max, char **text)
{
	ssize_t length;
	char *buffer;
	int fd;

	fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	buffer = malloc(max + 1);
	length = buffer ? file_fill(fd, 0, buffer, max + 1) : -ENOMEM;
	close(fd);

	if (length > (ssize_t)max)
		length = -EFBIG;
	if (length < 0) {
		free(buffer);
		return (int)length;
	}
	buffer[length] = '\0';
	*text = buffer;
	return 0;
}

static bool says(int dir, const char *name, const char *text, size_t length)
{
	char *there;
	bool same;

	if (file_read(dir, name, length, &there))
		return false;
	same = !strcmp(there, text);
	free(there);
	return same;
}

int file_update(int dir, const char *name, const char *text, size_t length)
{
	return says(dir, name, text, length) ?
	       0 : file_replace(dir, name, text, length);
}

int file_remove(int dir, const char *name)
{
	if (unlinkat(dir, name, 0))
		return errno == ENOENT ? 0 : -errno;
	return fsync(dir) ? -errno : 0;
}

int file_set_aside(int dir, const char *name)
{
	char aside[NAME_MAX_TEXT];

	snprintf(aside, sizeof(aside), "%s.damaged", name);
	if (renameat(dir, name, dir, aside))
		return -errno;
	return fsync(dir) ? -errno : 0;
}

DIR *file_list(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);

	if (!list && fd >= 0)
		close(fd);
	return list;
}
