// SPDX-License-Identifier: GPL-2.0-or-later
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "connections.h"
#include "loop.h"

/* The headers of a request have to be there by then, ms. */
#define HEADERS_MS	20000

struct connection {
	struct connection *next;
	int socket;
	uint64_t due;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct connection *all;
static uint64_t last_closed;
static int wake_fd = -1;

void connections_init(int wake)
{
	wake_fd = wake;
	last_closed = loop_now();
}

/* A full eventfd has woken up whoever waits for it. */
static void wake(void)
{
	const uint64_t one = 1;

	if (write(wake_fd, &one, sizeof(one)) < 0)
		return;
}

struct connection *connection_open(int socket)
{
	struct connection *connection = malloc(sizeof(*connection));
	bool first;

	if (!connection) {
		shutdown(socket, SHUT_RDWR);
		return NULL;
	}
	connection->socket = socket;
	connection->due = loop_now() + HEADERS_MS;
	pthread_mutex_lock(&lock);
	first = !all;
	connection->next = all;
	all = connection;
	pthread_mutex_unlock(&lock);
	if (first)
		wake();
	return connection;
}

void connection_allow(struct connection *connection, uint64_t milliseconds)
{
	if (!connection)
		return;
	pthread_mutex_lock(&lock);
	connection->due = loop_now() + milliseconds;
	pthread_mutex_unlock(&lock);
}

void connection_close(struct connection *connection)
{
	struct connection **place = &all;
	bool last;

	if (!connection)
		return;
	pthread_mutex_lock(&lock);
	while (*place != connection)
		place = &(*place)->next;
	*place = connection->next;
	last = !all;
	last_closed = loop_now();
	pthread_mutex_unlock(&lock);
	free(connection);
	if (last)
		wake();
}

bool connections_watch(void)
{
	const struct connection *connection;
	uint64_t now = loop_now();
	bool any;

	pthread_mutex_lock(&lock);
	for (connection = all; connection; connection = connection->next)
		if (connection->due <= now)
			shutdown(connection->socket, SHUT_RDWR);
	any = all;
	pthread_mutex_unlock(&lock);
	return any;
}

uint64_t connections_idle(void)
{
	uint64_t idle;

	pthread_mutex_lock(&lock);
	idle = all ? 0 : loop_now() - last_closed;
	pthread_mutex_unlock(&lock);
	return idle;
}
