// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jail_paths.h"
#include "landlock.h"
#include "log.h"

static int create_ruleset(long abi)
{
	struct landlock_ruleset ruleset = {
		.handled_access_fs = LANDLOCK_FS_ABI_1,
	};
	long fd;

	if (abi >= 2)
		ruleset.handled_access_fs |= LANDLOCK_FS_REFER;
	if (abi >= 3)
		ruleset.handled_access_fs |= LANDLOCK_FS_TRUNCATE;
	if (abi >= 4)
		ruleset.handled_access_net = LANDLOCK_NET_BIND_TCP;
	if (abi >= 5)
		ruleset.handled_access_fs |= LANDLOCK_FS_IOCTL_DEV;
	if (abi >= 6)
		ruleset.scoped = LANDLOCK_SCOPE_ABSTRACT_UNIX |
				 LANDLOCK_SCOPE_SIGNAL;
	fd = syscall(SYS_landlock_create_ruleset, &ruleset, sizeof(ruleset), 0U);
	return fd < 0 ? -errno : (int)fd;
}

static int add_descriptor(int ruleset, int fd)
{
	struct landlock_path_beneath beneath = { .parent_fd = fd };
	struct stat stat;

	if (fstat(fd, &stat))
		return -errno;
	beneath.allowed_access = LANDLOCK_FS_READ_FILE;
	if (S_ISDIR(stat.st_mode))
		beneath.allowed_access |= LANDLOCK_FS_READ_DIR;
	return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_PATH_BENEATH,
		       &beneath, 0U) ? -errno : 0;
}

/* What is not there, or not for this user, need not be allowed. */
static int add_path(int ruleset, const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return 0;
	ret = add_descriptor(ruleset, fd);
	close(fd);
	return ret;
}

static int add_paths(int ruleset, const char * const *readable,
		     const char * const *also)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < JAIL_ALSO; i++)
		if (*also[i])
			ret = add_path(ruleset, also[i]);
	for (; !ret && *readable; readable++)
		ret = add_path(ruleset, *readable);
	return ret;
}

int jail_paths(const char * const *readable, const char * const *also)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0UL,
			   LANDLOCK_VERSION);
	int ruleset, ret;

	if (abi < 1) {
		log_warning("this kernel has no Landlock: files are protected by their permissions alone");
		return 0;
	}
	ruleset = create_ruleset(abi);
	if (ruleset < 0)
		return ruleset;
	ret = add_paths(ruleset, readable, also);
	if (!ret && syscall(SYS_landlock_restrict_self, ruleset, 0U))
		ret = -errno;
	close(ruleset);
	return ret;
}
