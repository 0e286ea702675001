// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "flash.h"

struct flash flash;
static const char *file_path;

static void set_text(char *to, const char *from)
{
	(void)snprintf(to, FLASH_TEXT_MAX + 1, "%s", from);
}

static void read_line(char *line)
{
	char *value;

	line[strcspn(line, "\n")] = '\0';
	value = strchr(line, '=');
	if (!value)
		return;
	*value++ = '\0';

	if (!strcmp(line, "version"))
		set_text(flash.version, value);
	else if (!strcmp(line, "serial"))
		set_text(flash.serial, value);
	else if (!strcmp(line, "mode"))
		flash.whole = strcmp(value, "dfu") != 0;
}

/* A new file in the place of the old one: there is always a whole one. */
static int save(void)
{
	char path[4096];
	FILE *file;

	if (!file_path)
		return 0;

	if (snprintf(path, sizeof(path), "%s.new", file_path) >=
	    (int)sizeof(path))
		return -ENAMETOOLONG;
	file = fopen(path, "we");
	if (!file)
		return -errno;

	(void)fprintf(file, "version=%s\nmode=%s\nserial=%s\n", flash.version,
		      flash.whole ? "app" : "dfu", flash.serial);
	if (fclose(file) || rename(path, file_path))
		return -errno;
	return 0;
}

static void save_or_warn(void)
{
	int ret = save();

	if (ret)
		(void)fprintf(stderr, "uxmc-sim: cannot write %s: %s\n",
			      file_path, strerror(-ret));
}

int flash_load(const char *path, const struct flash *factory)
{
	char line[256];
	FILE *file;

	flash = *factory;
	if (!path)
		return 0;

	file_path = path;
	file = fopen(path, "re");
	if (!file)
		return errno == ENOENT ? save() : -errno;

	while (fgets(line, sizeof(line), file))
		read_line(line);
	(void)fclose(file);
	return 0;
}

void flash_erase(void)
{
	if (!flash.whole)
		return;
	flash.whole = false;
	save_or_warn();
}

void flash_finish(const char *version)
{
	set_text(flash.version, version);
	flash.whole = true;
	save_or_warn();
}
