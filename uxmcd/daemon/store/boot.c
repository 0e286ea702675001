// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "boot.h"
#include "file.h"

static void read_id(char *id, size_t size)
{
	ssize_t count = -1;
	int fd;

	fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		count = file_fill(fd, 0, id, size - 1);
		close(fd);
	}
	id[count > 0 ? count : 0] = '\0';
	id[strcspn(id, "\n")] = '\0';
}

/* It stays the same for as long as this process runs. */
const char *boot_id(void)
{
	static char id[BOOT_SIZE];

	if (!*id)
		read_id(id, sizeof(id));
	return id;
}
