// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "loop.h"
#include "owner.h"
#include "store.h"
#include "text.h"

static int open_dir(int base, const char *path, mode_t mode)
{
	int fd;

	if (mkdirat(base, path, mode) && errno != EEXIST)
		return -errno;
	fd = openat(base, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int take_over(const struct store *store)
{
	int ret = owner_take(store->dir);

	return ret ? ret : owner_take(store->firmware);
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

static int open_dirs(struct store *store, const char *path)
{
	int ret;

	store->dir = open_dir(AT_FDCWD, path, 0755);
	if (store->dir < 0)
		return store->dir;

	store->lock = take_lock(store->dir);
	if (store->lock < 0) {
		ret = store->lock;
		goto close_dir;
	}

	store->firmware = open_dir(store->dir, "firmware", 0755);
	if (store->firmware < 0) {
		ret = store->firmware;
		goto close_lock;
	}
	ret = take_over(store);
	if (ret)
		goto close_firmware;
	return 0;

close_firmware:
	close(store->firmware);
close_lock:
	close(store->lock);
close_dir:
	close(store->dir);
	return ret;
}

static int report(const char *what, int ret)
{
	if (ret)
		log_error("%s: %s", what, strerror(-ret));
	return ret;
}

static int load_settings(struct store *store, const struct config *config)
{
	size_t id;
	int ret;

	for (id = 0; id < SETTINGS_COUNT; id++)
		store->settings.configured[id] = config->settings[id];
	ret = settings_load(&store->settings, store->dir);
	if (ret != -EINVAL)
		return report("the settings cannot be read", ret);
	log_error("the settings in %s are damaged: %s", config->state_dir,
		  "they are kept as settings.damaged, and the defaults hold now");
	return 0;
}

/* One that is damaged costs itself. */
static int report_record(const char *what, const char *file, int ret)
{
	if (ret != -EINVAL)
		return report(what, ret);
	log_error("%s: damaged; it is kept as %s.damaged, and empty now", what,
		  file);
	return 0;
}

static int load_records(struct store *store)
{
	int ret = report_record("the record of the modules' URLs", "modules",
				perserial_load(&store->perserial, store->dir));

	return ret ? ret :
	       report_record("the record of attempts", "attempts",
			     attempts_load(&store->attempts, store->dir,
					   loop_now()));
}

int store_open(struct store *store, const struct config *config)
{
	const char *path = config->state_dir;
	int ret;

	memset(store, 0, sizeof(*store));
	ret = open_dirs(store, path);
	if (ret == -EBUSY) {
		log_error("another uxmcd is running on %s", path);
		return ret;
	}
	if (ret)
		return report(path, ret);
	ret = load_settings(store, config);
	return ret ? ret : load_records(store);
}

int store_save(struct store *store)
{
	const int results[] = {
		settings_save(&store->settings, store->dir),
		perserial_save(&store->perserial, store->dir),
		attempts_store(&store->attempts, store->dir, loop_now()),
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(results); i++)
		if (results[i])
			return results[i];
	return 0;
}

void store_close(struct store *store)
{
	if (store->attempts.count)
		attempts_store(&store->attempts, store->dir, loop_now());
	perserial_clear(&store->perserial);
	close(store->firmware);
	close(store->dir);
	close(store->lock);
}
