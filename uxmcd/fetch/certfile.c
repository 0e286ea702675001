// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "certfile.h"
#include "text.h"

/* Opened in earnest: the jail has a say in it, too. */
static int try(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

bool certfile_find_bad(struct certfile *file,
		       const struct fetchwire_request *request)
{
	const struct certfile all[] = {
		{ "ca_file", request->ca_file, 0 },
		{ "client_cert", request->client_cert, 0 },
		{ "client_key", request->client_key, 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		*file = all[i];
		file->error = *file->path ? try(file->path) : 0;
		if (file->error)
			return true;
	}
	return false;
}
