// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "listen.h"
#include "text.h"

/* What waits for a thread of its own, in the kernel */
#define BACKLOG		64

/* Of a place; no address is longer. */
#define NAME_SIZE	128

#define FIRST_OF_SYSTEMD	3

#define FORM \
	"give ADDRESS:PORT, [ADDRESS]:PORT for IPv6, or the path of a unix socket"

/* One of web_listen's words */
struct place {
	const struct config *config;
	char *name;
	char *sentence;
	size_t size;
};

static int fail(const struct place *place, int ret)
{
	text_format(place->sentence, place->size, "%s cannot be listened on: %s",
		    place->name, strerror(-ret));
	return ret;
}

static int make_socket(int family)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd < 0 ? -errno : fd;
}

/* The socket that is listened on, or -errno */
static int listen_on(int fd, const struct sockaddr *address, socklen_t size)
{
	int ret = 0;

	if (bind(fd, address, size) || listen(fd, BACKLOG))
		ret = -errno;
	if (!ret)
		return fd;
	close(fd);
	return ret;
}

static int give_to_group(const char *path, const char *name)
{
	const struct group *group = *name ? getgrnam(name) : NULL;

	if (!*name)
		return 0;
	if (!group)
		return -ENOENT;
	return chown(path, (uid_t)-1, group->gr_gid) ? -errno : 0;
}

static void make_directory(const char *path)
{
	char directory[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	char *slash;

	text_format(directory, sizeof(directory), "%s", path);
	slash = strrchr(directory, '/');
	*slash = '\0';
	if (*directory)
		mkdir(directory, 0755);
}

static int open_unix(const struct place *place)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	mode_t mask;
	int fd, ret;

	if (text_copy(address.sun_path, sizeof(address.sun_path), place->name))
		return fail(place, -ENAMETOOLONG);
	fd = make_socket(AF_UNIX);
	if (fd < 0)
		return fail(place, fd);
	make_directory(place->name);
	unlink(place->name);
	mask = umask(0117);
	fd = listen_on(fd, (struct sockaddr *)&address, sizeof(address));
	umask(mask);
	if (fd < 0)
		return fail(place, fd);
	ret = give_to_group(place->name, place->config->web_group);
	return ret ? fail(place, ret) : fd;
}

static int open_address(const struct place *place, const struct addrinfo *found)
{
	int on = 1, fd = make_socket(found->ai_family);

	if (fd < 0)
		return fail(place, fd);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	fd = listen_on(fd, found->ai_addr, found->ai_addrlen);
	return fd < 0 ? fail(place, fd) : fd;
}

/* "127.0.0.1:8080", cut up into address and port; -EINVAL */
static int split(char *name, char **address, char **port)
{
	char *colon = strrchr(name, ':');

	if (!colon || colon == name)
		return -EINVAL;
	*colon = '\0';
	*port = colon + 1;
	*address = name;
	if (*name != '[')
		return strchr(name, ':') ? -EINVAL : 0;
	if (colon[-1] != ']')
		return -EINVAL;
	colon[-1] = '\0';
	(*address)++;
	return 0;
}

static int open_tcp(const struct place *place)
{
	struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *found = NULL;
	char name[NAME_SIZE], *address, *port;
	int fd;

	if (text_copy(name, sizeof(name), place->name) ||
	    split(name, &address, &port) ||
	    getaddrinfo(address, port, &hints, &found)) {
		text_format(place->sentence, place->size,
			    "web_listen: %s is no address: " FORM, place->name);
		return -EINVAL;
	}
	fd = open_address(place, found);
	freeaddrinfo(found);
	return fd;
}

static int open_one(const struct place *place)
{
	return *place->name == '/' ? open_unix(place) : open_tcp(place);
}

static int open_all(struct listening *listening, struct place *place)
{
	char names[sizeof(place->config->web_listen)];
	char *rest = names;
	int fd;

	text_copy(names, sizeof(names), place->config->web_listen);
	while ((place->name = strsep(&rest, " ,"))) {
		if (!*place->name)
			continue;
		if (listening->count == LISTEN_MAX)
			return fail(place, -E2BIG);
		fd = open_one(place);
		if (fd < 0)
			return fd;
		listening->sockets[listening->count++] = fd;
	}
	return 0;
}

unsigned int listen_count_of_systemd(void)
{
	const char *process = getenv("LISTEN_PID");
	const char *sockets = getenv("LISTEN_FDS");
	uint64_t pid, count;

	if (!process || !sockets || text_number(process, INT32_MAX, &pid) ||
	    text_number(sockets, LISTEN_MAX, &count) || (pid_t)pid != getpid())
		return 0;
	return (unsigned int)count;
}

int listen_open(struct listening *listening, const struct config *config,
		char *sentence, size_t size)
{
	struct place place = {
		.config = config,
		.sentence = sentence,
		.size = size,
	};

	unsigned int i;

	memset(listening, 0, sizeof(*listening));
	listening->count = listen_count_of_systemd();
	listening->by_systemd = listening->count;
	for (i = 0; i < listening->count; i++)
		listening->sockets[i] = FIRST_OF_SYSTEMD + (int)i;
	return listening->by_systemd ? 0 : open_all(listening, &place);
}
