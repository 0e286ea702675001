// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state.h"

static int open_dir(int base, const char *path, mode_t mode)
{
	int fd;

	if (mkdirat(base, path, mode) && errno != EEXIST)
		return -errno;
	fd = openat(base, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int take_lock(int dir)
{
	int fd;

	fd = openat(dir, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB)) {
		int error = errno;

		close(fd);
		return error == EWOULDBLOCK ? -EBUSY : -error;
	}
	return fd;
}

int state_open(struct state *state, const char *path)
{
	struct state opened;
	int ret;

	opened.dir = open_dir(AT_FDCWD, path, 0755);
	if (opened.dir < 0)
		return opened.dir;

	opened.lock = take_lock(opened.dir);
	if (opened.lock < 0) {
		ret = opened.lock;
		goto close_dir;
	}

	opened.firmware = open_dir(opened.dir, "firmware", 0755);
	if (opened.firmware < 0) {
		ret = opened.firmware;
		goto close_lock;
	}

	*state = opened;
	return 0;

close_lock:
	close(opened.lock);
close_dir:
	close(opened.dir);
	return ret;
}

void state_close(struct state *state)
{
	close(state->firmware);
	close(state->dir);
	close(state->lock);
}
