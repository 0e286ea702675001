// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "nodriver.h"
#include "text.h"

#define FILE_NAME	"uxmc.ko"
#define PATH_SIZE	512

/* <linux/module_signature.h>: how a signed module ends. */
#define MAGIC		"~Module signature appended~\n"
#define MAGIC_SIZE	(sizeof(MAGIC) - 1)
#define SIGNATURE_MAX	65536

struct ending {
	uint8_t unused[8];
	uint32_t size;		/* big-endian, of the signature before it */
	char magic[MAGIC_SIZE];
};

static bool exists(int root, const char *path)
{
	return !faccessat(root, path, F_OK, 0);
}

static FILE *open_text(int root, const char *path)
{
	int fd = openat(root, path, O_RDONLY | O_CLOEXEC);
	FILE *file;

	if (fd < 0)
		return NULL;
	file = fdopen(fd, "r");
	if (!file)
		close(fd);
	return file;
}

/* Does any line of a file have that in it? */
static bool says(int root, const char *path, const char *what)
{
	FILE *file = open_text(root, path);
	bool found = false;
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return false;
	while (!found && getline(&line, &size, file) > 0)
		found = strstr(line, what);
	free(line);
	fclose(file);
	return found;
}

/* modprobe's list: "updates/dkms/uxmc.ko: kernel/drivers/..." */
static bool find_listed(int root, const char *modules, char *path)
{
	char list[PATH_SIZE], *line = NULL;
	bool found = false;
	size_t size = 0;
	FILE *file;

	text_format(list, sizeof(list), "%s/modules.dep", modules);
	file = open_text(root, list);
	if (!file)
		return false;
	while (!found && getline(&line, &size, file) > 0) {
		line[strcspn(line, ":\n")] = '\0';
		found = strstr(line, "/" FILE_NAME);
		if (found)
			text_format(path, PATH_SIZE, "%s/%s", modules, line);
	}
	free(line);
	fclose(file);
	return found;
}

/* Where make install, DKMS and people put it. */
static bool find_unlisted(int root, const char *modules, char *path)
{
	static const char * const places[] = { "updates/dkms", "updates", "extra" };
	static const char * const endings[] = { "", ".xz", ".zst", ".gz" };
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		for (j = 0; j < ARRAY_SIZE(endings); j++) {
			text_format(path, PATH_SIZE, "%s/%s/" FILE_NAME "%s",
				    modules, places[i], endings[j]);
			if (exists(root, path))
				return true;
		}
	}
	return false;
}

static enum ctl_driver_file find_file(int root, const char *modules, char *path)
{
	if (find_listed(root, modules, path))
		return CTL_DRIVER_LISTED;
	if (find_unlisted(root, modules, path))
		return CTL_DRIVER_UNLISTED;
	return CTL_DRIVER_ABSENT;
}

/*
 * A key's name in a line of /proc/keys: "... asymmetri NAME: ID: X509.rsa ...",
 * where NAME may be "ORGANISATION: NAME". NULL: that is no such key.
 */
static const char *key_name(char *line)
{
	static const char type[] = " asymmetri ";
	char *name = strstr(line, type), *end, *part;

	if (!name)
		return NULL;
	name += strlen(type);
	end = strstr(name, ": X509.");
	if (!end)
		return NULL;
	*end = '\0';
	end = strrchr(name, ':');
	if (!end)
		return NULL;
	*end = '\0';
	part = strrchr(name, ':');
	return part ? part + 2 : name;
}

/*
 * A signature names who made it. Keys are shown to root only: with none in
 * sight there is nothing to be said.
 */
static enum ctl_driver_signature find_signer(int root, const void *signature,
					     size_t length)
{
	enum ctl_driver_signature found = CTL_DRIVER_SIGNED;
	FILE *keys = open_text(root, "proc/keys");
	char *line = NULL;
	const char *name;
	size_t size = 0;

	if (!keys)
		return found;
	while (found != CTL_DRIVER_TRUSTED && getline(&line, &size, keys) > 0) {
		name = key_name(line);
		if (name && memmem(signature, length, name, strlen(name)))
			found = CTL_DRIVER_TRUSTED;
		else if (name)
			found = CTL_DRIVER_DISTRUSTED;
	}
	free(line);
	fclose(keys);
	return found;
}

static enum ctl_driver_signature check_signature(int root, int fd, off_t end)
{
	enum ctl_driver_signature result = CTL_DRIVER_HIDDEN;
	struct ending ending;
	off_t length;
	void *signature;

	end -= (off_t)sizeof(ending);
	if (end < 0 ||
	    pread(fd, &ending, sizeof(ending), end) != sizeof(ending) ||
	    memcmp(ending.magic, MAGIC, MAGIC_SIZE) != 0)
		return CTL_DRIVER_UNSIGNED;
	length = be32toh(ending.size);
	if (length > SIGNATURE_MAX || length > end)
		return CTL_DRIVER_UNSIGNED;
	signature = malloc(length);
	if (signature && pread(fd, signature, length, end - length) == length)
		result = find_signer(root, signature, length);
	free(signature);
	return result;
}

static enum ctl_driver_signature look_at_signature(int root, const char *path)
{
	enum ctl_driver_signature result = CTL_DRIVER_HIDDEN;
	struct stat status;
	int fd;

	if (strcmp(path + strlen(path) - strlen(".ko"), ".ko") != 0)
		return result;
	fd = openat(root, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return result;
	if (!fstat(fd, &status))
		result = check_signature(root, fd, status.st_size);
	close(fd);
	return result;
}

/* Of lockdown's levels, the one in brackets holds. */
static bool is_enforced(int root)
{
	static const char lockdown[] = "sys/kernel/security/lockdown";

	return says(root, "sys/module/module/parameters/sig_enforce", "Y") ||
	       (says(root, lockdown, "[") && !says(root, lockdown, "[none]"));
}

void ctl_driver_look(struct ctl_driver *driver, int root, const char *kernel)
{
	char modules[PATH_SIZE / 4], path[PATH_SIZE];

	*driver = (struct ctl_driver){ 0 };
	text_format(driver->kernel, sizeof(driver->kernel), "%s", kernel);
	text_format(modules, sizeof(modules), "lib/modules/%s", kernel);
	driver->file = find_file(root, modules, path);
	if (driver->file != CTL_DRIVER_ABSENT)
		driver->signature = look_at_signature(root, path);
	driver->enforced = is_enforced(root);
	driver->dkms = exists(root, "var/lib/dkms/uxmc");
	text_format(path, sizeof(path), "%s/build/include", modules);
	driver->headers = exists(root, path);
}

void ctl_driver_look_here(struct ctl_driver *driver)
{
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct utsname system = { 0 };

	uname(&system);
	ctl_driver_look(driver, root, system.release);
	close(root);
}
