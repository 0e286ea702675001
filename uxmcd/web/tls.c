// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text.h"
#include "tls.h"

/* Of a chain of certificates */
#define SIZE_MAX_FILE	65536

static int read_all(int fd, char **text)
{
	ssize_t count;

	*text = malloc(SIZE_MAX_FILE);
	if (!*text)
		return -ENOMEM;
	count = read(fd, *text, SIZE_MAX_FILE);
	if (count < 0)
		return -errno;
	if (count == SIZE_MAX_FILE)
		return -EFBIG;
	(*text)[count] = '\0';
	return 0;
}

static int read_file(const char *path, char **text, char *sentence, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int ret = fd < 0 ? -errno : read_all(fd, text);

	if (fd >= 0)
		close(fd);
	if (ret)
		text_format(sentence, size, "%s: %s", path, strerror(-ret));
	return ret;
}

int tls_read(struct tls *tls, const struct config *config, char *sentence,
	     size_t size)
{
	int ret;

	*tls = (struct tls){ 0 };
	if (!*config->web_cert && !*config->web_key)
		return 0;
	if (!*config->web_cert || !*config->web_key) {
		text_format(sentence, size, "%s",
			    "web_cert and web_key belong together: name both in uxmcd.conf, or neither");
		return -EINVAL;
	}
	ret = read_file(config->web_cert, &tls->certificate, sentence, size);
	return ret ? ret : read_file(config->web_key, &tls->key, sentence, size);
}
