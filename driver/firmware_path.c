// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is there where the firmware loader looks for a file. The loader opens
 * whatever it finds, with the kernel's rights, and would wait for a FIFO's other
 * end for ever: so the driver looks first, without opening or following it.
 *
 * That is no protection against the owner of the directory, who may exchange the
 * file right afterwards. uxmcd owns it, and its unit lets it make regular files
 * only. What the parameter firmware_class.path names is not looked at.
 */
#include <linux/kernel.h>
#include <linux/namei.h>
#include <linux/path.h>
#include <linux/utsname.h>

#include "firmware_path.h"

/* The longest of them, a release of __NEW_UTS_LEN, a name of UXMC_FILE_MAX */
#define PATH_SIZE	256

static const char *kind_of(umode_t mode)
{
	if (S_ISREG(mode))
		return NULL;
	if (S_ISLNK(mode))
		return "a symbolic link";
	if (S_ISDIR(mode))
		return "a directory";
	if (S_ISFIFO(mode))
		return "a FIFO";
	return "a device or a socket";
}

/* The worker has the root directory that the firmware loader uses. */
static const char *kind_at(const char *path)
{
	const char *kind;
	struct path at;

	if (kern_path(path, 0, &at))
		return NULL;
	kind = kind_of(d_backing_inode(at.dentry)->i_mode);
	path_put(&at);
	return kind;
}

/**
 * uxmc_firmware_path_check - is a firmware file a regular file?
 * @name: as for request_firmware()
 *
 * Return: NULL if it is, or if there is none; else what it is, such as "a FIFO".
 */
const char *uxmc_firmware_path_check(const char *name)
{
	/* Documentation/driver-api/firmware/fw_search_path.rst */
	const char * const places[][2] = {
		{ "/lib/firmware/updates/", init_utsname()->release },
		{ "/lib/firmware/updates", "" },
		{ "/lib/firmware/", init_utsname()->release },
		{ "/lib/firmware", "" },
	};
	char path[PATH_SIZE];
	const char *kind = NULL;
	int i;

	for (i = 0; i < ARRAY_SIZE(places) && !kind; i++) {
		snprintf(path, sizeof(path), "%s%s/%s", places[i][0],
			 places[i][1], name);
		kind = kind_at(path);
	}
	return kind;
}
