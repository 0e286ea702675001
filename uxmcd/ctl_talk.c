// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ctl.h"
#include "ctl_talk.h"
#include "text.h"

int ctl_talk_open(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, ret;

	if (text_copy(address.sun_path, sizeof(address.sun_path), path))
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address))) {
		ret = -errno;
		close(fd);
		return ret;
	}
	return fd;
}

int ctl_talk_open_or_say(const char *path)
{
	int fd = ctl_talk_open(path);

	switch (fd) {
	case -ENOENT:
	case -ECONNREFUSED:
		ctl_say(CTL_NO_DAEMON);
		return -REPLY_NO_DAEMON;
	case -EACCES:
	case -EPERM:
		ctl_say("no permission to use %s: %s", path,
			"be root, or in the group that control_group in uxmcd.conf names");
		return -REPLY_NO_PERMISSION;
	}
	if (fd < 0) {
		ctl_say("%s: %s", path, strerror(-fd));
		return -REPLY_NO_DAEMON;
	}
	return fd;
}

static void add_rights(struct msghdr *message, void *space, size_t size, int fd)
{
	struct cmsghdr *header;

	message->msg_control = space;
	message->msg_controllen = size;
	header = CMSG_FIRSTHDR(message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
}

int ctl_talk_send(int socket, const char *verb, const char *argument, int fd)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} rights = { 0 };
	char packet[REPLY_PACKET_MAX];
	struct iovec piece = { packet, 0 };
	struct msghdr message = { .msg_iov = &piece, .msg_iovlen = 1 };
	int length;

	length = snprintf(packet, sizeof(packet), "%s %s", verb, argument);
	if (length < 0 || (size_t)length >= sizeof(packet))
		return -EMSGSIZE;
	piece.iov_len = (size_t)length;
	if (fd >= 0)
		add_rights(&message, &rights, sizeof(rights), fd);
	return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* "0 accepted uxmc0" */
static int parse_answer(const char *packet, struct ctl_answer *answer)
{
	const char *word = strchr(packet, ' ');
	const char *text = word ? strchr(word + 1, ' ') : NULL;
	size_t length;

	if (!text)
		return -EBADMSG;
	length = (size_t)(text - word - 1);
	if (length >= sizeof(answer->word))
		return -EBADMSG;
	answer->reply = (enum reply)strtol(packet, NULL, 10);
	memcpy(answer->word, word + 1, length);
	answer->word[length] = '\0';
	return text_copy(answer->text, sizeof(answer->text), text + 1);
}

int ctl_talk_receive(int socket, struct ctl_answer *answer)
{
	char packet[REPLY_PACKET_MAX];
	ssize_t length;

	do
		length = recv(socket, packet, sizeof(packet) - 1, 0);
	while (length < 0 && errno == EINTR);
	if (length <= 0)
		return -EPIPE;
	packet[length] = '\0';
	return parse_answer(packet, answer);
}

enum reply ctl_talk(const char *path, const char *verb, const char *argument)
{
	struct ctl_answer answer;
	int fd, ret;

	fd = ctl_talk_open_or_say(path);
	if (fd < 0)
		return (enum reply)-fd;
	ret = ctl_talk_send(fd, verb, argument, -1);
	if (!ret)
		ret = ctl_talk_receive(fd, &answer);
	close(fd);

	if (ret == -EMSGSIZE) {
		ctl_say("that is too long");
		return REPLY_REFUSED;
	}
	if (ret) {
		ctl_say("uxmcd did not answer: %s", strerror(-ret));
		return REPLY_NO_DAEMON;
	}
	if (answer.reply != REPLY_OK)
		ctl_say("%s", answer.text);
	else if (!strcmp(answer.word, "value"))
		puts(answer.text);
	return answer.reply;
}
