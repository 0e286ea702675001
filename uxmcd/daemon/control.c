// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "control.h"
#include "log.h"
#include "text.h"
#include "uxmcd.h"
#include "verbs.h"

static void drop(struct control_client *client)
{
	close(client->fd);
	client->fd = -1;
	client->waits = CONTROL_NOTHING;
}

/* One that does not read its answers is not waited for. */
static void send_packet(struct control_client *client, const char *packet)
{
	if (send(client->fd, packet, strlen(packet),
		 MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		drop(client);
}

void control_answer(struct control_client *client, enum reply reply,
		    const char *word, const char *format, ...)
{
	char packet[REPLY_PACKET_MAX];
	char sentence[REPLY_PACKET_MAX - 64];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	text_format(packet, sizeof(packet), "%d %s %s", reply, word, sentence);
	send_packet(client, packet);
}

void control_finished(struct control *control, enum reply reply,
		      const char *word, const char *format, ...)
{
	struct control_client *client = control->clients;
	char sentence[512];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	for (; client < control->clients + CONTROL_CLIENTS; client++) {
		if (client->fd < 0 || client->waits != CONTROL_UPDATE)
			continue;
		client->waits = CONTROL_NOTHING;
		control_answer(client, reply, word, "%s", sentence);
	}
}

/*
 * The descriptor that came along: -1 if none did, or more than one, which are
 * closed: alignment may leave room for two.
 */
static int take_fd(struct msghdr *message)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	size_t count, i;
	int fd = -1;

	if (!header || header->cmsg_level != SOL_SOCKET ||
	    header->cmsg_type != SCM_RIGHTS)
		return -1;
	count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(fd);
	for (i = 0; i < count; i++) {
		memcpy(&fd, CMSG_DATA(header) + i * sizeof(fd), sizeof(fd));
		if (count > 1)
			close(fd);
	}
	return count == 1 ? fd : -1;
}

void control_serve(struct uxmcd *daemon, struct control_client *client)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} rights;
	char packet[REPLY_PACKET_MAX];
	struct iovec piece = { packet, sizeof(packet) - 1 };
	struct msghdr message = {
		.msg_iov = &piece,
		.msg_iovlen = 1,
		.msg_control = &rights,
		.msg_controllen = sizeof(rights),
	};
	struct call call = { .daemon = daemon, .client = client };
	ssize_t length;

	length = recvmsg(client->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (length <= 0) {
		drop(client);
		return;
	}

	call.fd = take_fd(&message);
	packet[length] = '\0';
	if (message.msg_flags & MSG_TRUNC)
		control_answer(client, REPLY_REFUSED, "url-long",
			       "the request is too long");
	else
		verbs_serve(&call, packet, (size_t)length);
	if (call.fd >= 0)
		close(call.fd);
}

/* When all places are taken, the first one that does not wait must go. */
static struct control_client *make_place(struct control *control)
{
	struct control_client *client, *idle = NULL;

	for (client = control->clients;
	     client < control->clients + CONTROL_CLIENTS; client++) {
		if (client->fd < 0)
			return client;
		if (!client->waits && !idle)
			idle = client;
	}
	if (!idle)
		idle = control->clients;
	drop(idle);
	return idle;
}

void control_accept(struct control *control)
{
	int fd;

	while ((fd = accept4(control->fd, NULL, NULL,
			     SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0)
		make_place(control)->fd = fd;
}

static int set_group(const char *path, const char *name)
{
	struct group *group;

	if (!*name)
		return 0;
	group = getgrnam(name);
	if (!group)
		return -ENOENT;
	return chown(path, (uid_t)-1, group->gr_gid) ? -errno : 0;
}

static int bind_socket(int fd, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	mode_t mask;
	int ret;

	text_copy(address.sun_path, sizeof(address.sun_path), path);
	/* The lock on the state directory says that nobody uses it any more. */
	unlink(path);
	mask = umask(0117);
	ret = bind(fd, (struct sockaddr *)&address, sizeof(address));
	if (ret)
		ret = -errno;
	umask(mask);
	return ret;
}

static void make_directory(const char *path)
{
	char directory[sizeof(((struct control *)NULL)->path)];
	char *slash;

	text_copy(directory, sizeof(directory), path);
	slash = strrchr(directory, '/');
	*slash = '\0';
	if (*directory)
		mkdir(directory, 0755);
}

int control_open(struct control *control, const struct config *config)
{
	size_t i;
	int ret;

	for (i = 0; i < CONTROL_CLIENTS; i++)
		control->clients[i] = (struct control_client){ .fd = -1 };
	text_copy(control->path, sizeof(control->path), config->control);
	control->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC |
			     SOCK_NONBLOCK, 0);
	if (control->fd < 0)
		return -errno;

	make_directory(control->path);
	ret = bind_socket(control->fd, control->path);
	if (!ret && listen(control->fd, SOMAXCONN))
		ret = -errno;
	if (ret) {
		close(control->fd);
		return ret;
	}
	ret = set_group(control->path, config->control_group);
	if (ret)
		log_warning("%s is not given to the group %s: %s",
			    control->path, config->control_group,
			    ret == -EPERM ? "uxmcd is neither root nor in it" :
					    strerror(-ret));
	return 0;
}

void control_close(struct control *control)
{
	size_t i;

	for (i = 0; i < CONTROL_CLIENTS; i++)
		if (control->clients[i].fd >= 0)
			drop(&control->clients[i]);
	unlink(control->path);
	close(control->fd);
}
