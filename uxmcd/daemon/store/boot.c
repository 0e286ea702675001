// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "boot.h"

void boot_read(char *boot, size_t size)
{
	ssize_t count = -1;
	int fd;

	fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		count = read(fd, boot, size - 1);
		close(fd);
	}
	boot[count > 0 ? count : 0] = '\0';
	boot[strcspn(boot, "\n")] = '\0';
}
