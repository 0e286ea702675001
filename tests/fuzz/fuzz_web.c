// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What strangers may send to uxmcweb: all of it but its jail serves requests, with
 * tests/fuzz/web in place of uxmcd and of the driver. tests/fuzz/run builds it.
 *
 * The first byte of an input says how things stand (fakes.h), the rest is sent on a
 * connection as it is.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "connections.h"
#include "consult.h"
#include "digest_auth.h"
#include "fakes.h"
#include "fuzzer.h"
#include "server.h"

/* How long an answer may take, s: a fault if it is longer */
#define PATIENCE	30

static struct sockaddr_un address = { .sun_family = AF_UNIX };

static void check(bool well)
{
	if (!well)
		abort();
}

static void remove_socket(void)
{
	unlink(address.sun_path);
}

static int listen_somewhere(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "/tmp/fuzz-web.%d",
		 (int)getpid());
	atexit(remove_socket);
	check(fd >= 0 && !bind(fd, (struct sockaddr *)&address, sizeof(address)) &&
	      !listen(fd, 8));
	return fd;
}

static void start(void)
{
	static struct config config;
	struct listening listening = { .count = 1 };
	struct tls tls = { NULL, NULL };

	config_defaults(&config);
	snprintf(config.web_hosts, sizeof(config.web_hosts), "phone");
	connections_init(eventfd(0, EFD_NONBLOCK));
	check(!consult_init() && !digest_init());
	listening.sockets[0] = listen_somewhere();
	check(!server_start(&config, &listening, &tls));
}

static int connect_to_it(void)
{
	struct timeval limit = { .tv_sec = PATIENCE };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	check(fd >= 0 && !connect(fd, (struct sockaddr *)&address, sizeof(address)));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	return fd;
}

/* It may have heard enough before the end. */
static void say(int fd, const uint8_t *data, size_t size)
{
	ssize_t count;

	while (size) {
		count = send(fd, data, size, MSG_NOSIGNAL);
		/* libFuzzer has an alarm. */
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			break;
		data += count;
		size -= (size_t)count;
	}
	shutdown(fd, SHUT_WR);
}

static void hear(int fd)
{
	char answer[65536];
	ssize_t count;

	do
		count = recv(fd, answer, sizeof(answer), 0);
	while (count > 0 || (count < 0 && errno == EINTR));
	/* Whatever it was, it has been answered, or hung up on. */
	check(count == 0 || errno == ECONNRESET);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;
	int fd;

	if (!started)
		start();
	started = true;
	if (!size)
		return 0;
	fakes_set(*data);
	fd = connect_to_it();
	say(fd, data + 1, size - 1);
	hear(fd);
	close(fd);
	return 0;
}
