// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/param.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "talk.h"
#include "text.h"

/* While an answer takes its time: when to ask whether uxmcd is alive, ms */
#define QUIET_MS	5000

/* No wait at this socket is longer. */
static int limit_waits(int fd, int seconds)
{
	struct timeval limit = { .tv_sec = seconds };

	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		return -errno;
	return 0;
}

/* EAGAIN is what the end of that time is called. */
static int error_of_wait(void)
{
	return errno == EAGAIN ? -ETIMEDOUT : -errno;
}

int talk_open(const char *path, int patience)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, ret;

	if (text_copy(address.sun_path, sizeof(address.sun_path), path))
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	ret = limit_waits(fd, patience);
	if (!ret && connect(fd, (struct sockaddr *)&address, sizeof(address)))
		ret = error_of_wait();
	if (!ret)
		return fd;
	close(fd);
	return ret;
}

int talk_send(int socket, const char *verb, const char *argument)
{
	char packet[REPLY_PACKET_MAX];
	int length;

	length = snprintf(packet, sizeof(packet), "%s %s", verb, argument);
	if (length < 0 || (size_t)length >= sizeof(packet))
		return -EMSGSIZE;
	if (send(socket, packet, (size_t)length, MSG_NOSIGNAL) >= 0)
		return 0;
	/* It may have said why it hung up. */
	return errno == EPIPE || errno == ECONNRESET ? 0 : error_of_wait();
}

static bool has_answer(int socket)
{
	struct pollfd wait = { .fd = socket, .events = POLLIN };

	return poll(&wait, 1, 0) > 0;
}

int talk_send_bytes(int socket, const char *data, size_t count)
{
	size_t part;

	for (; count; data += part, count -= part) {
		part = MIN(count, REPLY_PACKET_MAX);
		if (has_answer(socket))
			return -ECANCELED;
		if (send(socket, data, part, MSG_NOSIGNAL) < 0)
			return error_of_wait();
	}
	return 0;
}

int talk_send_file(int socket, int file, uint64_t size)
{
	char packet[REPLY_PACKET_MAX];
	ssize_t count;
	int ret = 0;

	while (size && !ret) {
		count = read(file, packet, MIN(size, sizeof(packet)));
		if (count < 0)
			return -errno;
		if (!count)
			return -ENODATA;
		ret = talk_send_bytes(socket, packet, (size_t)count);
		size -= (uint64_t)count;
	}
	return ret == -ECANCELED ? 0 : ret;
}

int talk_receive(int socket, struct ctl_answer *answer)
{
	char packet[REPLY_PACKET_MAX];
	int reset = 0;
	ssize_t length;

	/*
	 * With MSG_TRUNC one that is too long says how long it is. An answer may be
	 * behind the news that uxmcd has not read it all.
	 */
	do
		length = recv(socket, packet, sizeof(packet) - 1, MSG_TRUNC);
	while (length < 0 && (errno == EINTR ||
			      (errno == ECONNRESET && !reset++)));
	if (length < 0 && errno == EAGAIN)
		return -ETIMEDOUT;
	if (length <= 0)
		return -EPIPE;
	if ((size_t)length >= sizeof(packet))
		return -EBADMSG;
	packet[length] = '\0';
	if (strlen(packet) != (size_t)length)
		return -EBADMSG;
	return reply_parse(packet, answer);
}

/* Until a packet is there. Once it was quiet, uxmcd is asked for a short answer. */
static int wait_for_packet(struct pollfd *waits,
			   const struct talk_besides *besides, bool *asked)
{
	int ready, ret = 0;

	while (!ret) {
		ready = poll(waits, 2, *asked ? TALK_PATIENCE * 1000 : QUIET_MS);
		if (ready > 0 && waits[1].revents)
			besides->take(besides->context);
		if (ready > 0 && waits[0].revents)
			return 0;
		if (ready)
			continue;
		if (*asked)
			return -ETIMEDOUT;
		ret = talk_send(waits[0].fd, "get", "update_policy");
		*asked = true;
	}
	return ret;
}

int talk_await(int socket, struct ctl_answer *answer,
	       const struct talk_besides *besides)
{
	struct pollfd waits[] = {
		{ .fd = socket, .events = POLLIN },
		{ .fd = besides ? besides->fd : -1, .events = POLLIN },
	};
	bool asked = false, alive;
	int ret;

	do {
		ret = wait_for_packet(waits, besides, &asked);
		if (!ret)
			ret = talk_receive(socket, answer);
		alive = !ret && asked && !strcmp(answer->word, "value");
		asked = asked && !alive;
	} while (alive);
	return ret;
}

static int receive_all(int socket, const struct ctl_question *question,
		       struct ctl_answer *answer)
{
	int ret;

	do {
		ret = question->slow ? talk_await(socket, answer, NULL) :
				       talk_receive(socket, answer);
		if (ret || !question->take || !reply_goes_on(answer))
			return ret;
		ret = question->take(question->context, answer);
	} while (!ret);
	return ret;
}

int talk_question(int socket, const struct ctl_question *question,
		  struct ctl_answer *answer)
{
	int ret;

	ret = talk_send(socket, question->verb, question->argument);
	if (!ret)
		ret = receive_all(socket, question, answer);
	if (!ret && question->end)
		question->end(question->context, answer);
	return ret;
}
