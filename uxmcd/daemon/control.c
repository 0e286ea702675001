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

static void drop(struct control_client *client)
{
	int fd = client->watch.fd;

	if (fd < 0)
		return;
	loop_del(client->control->loop, &client->watch);
	close(fd);
	client->waits = CONTROL_NOTHING;
}

/* One that does not read its answers is not waited for. */
static void send_packet(struct control_client *client, const char *packet)
{
	if (send(client->watch.fd, packet, strlen(packet),
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

struct control_client *control_take_waiting(struct control *control,
					    enum control_wait wait)
{
	struct control_client *client = control->clients;

	for (; client < control->clients + CONTROL_CLIENTS; client++)
		if (client->waits == wait) {
			client->waits = CONTROL_NOTHING;
			return client;
		}
	return NULL;
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

static void hand_on(struct control_client *client,
		    struct control_packet *packet, bool cut)
{
	struct control *control = client->control;

	packet->text[packet->length] = '\0';
	if (cut)
		control_answer(client, REPLY_REFUSED, "url-long",
			       "the request is too long");
	else
		control->serve(control->context, client, packet);
	if (packet->fd >= 0)
		close(packet->fd);
}

static void receive(void *context, uint32_t events)
{
	struct control_client *client = context;
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} rights;
	char text[REPLY_PACKET_MAX];
	struct control_packet packet = { .text = text };
	struct iovec piece = { text, sizeof(text) - 1 };
	struct msghdr message = {
		.msg_iov = &piece,
		.msg_iovlen = 1,
		.msg_control = &rights,
		.msg_controllen = sizeof(rights),
	};
	ssize_t length;

	(void)events;
	length = recvmsg(client->watch.fd, &message,
			 MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (length <= 0) {
		drop(client);
		return;
	}
	packet.length = (size_t)length;
	packet.fd = take_fd(&message);
	hand_on(client, &packet, message.msg_flags & MSG_TRUNC);
}

/* When all places are taken, the first one that does not wait must go. */
static struct control_client *make_place(struct control *control)
{
	struct control_client *client, *idle = NULL;

	for (client = control->clients;
	     client < control->clients + CONTROL_CLIENTS; client++) {
		if (client->watch.fd < 0)
			return client;
		if (!client->waits && !idle)
			idle = client;
	}
	if (!idle)
		idle = control->clients;
	drop(idle);
	return idle;
}

static void accept_clients(void *context, uint32_t events)
{
	struct control *control = context;
	struct control_client *client;
	int fd;

	(void)events;
	while ((fd = accept4(control->watch.fd, NULL, NULL,
			     SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		client = make_place(control);
		if (loop_add(control->loop, &client->watch, fd, EPOLLIN,
			     receive, client))
			close(fd);
	}
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

static int listen_at(const char *path)
{
	int fd, ret;

	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	make_directory(path);
	ret = bind_socket(fd, path);
	if (!ret && listen(fd, SOMAXCONN))
		ret = -errno;
	if (!ret)
		return fd;
	close(fd);
	return ret;
}

static void give_to_group(const char *path, const char *group)
{
	int ret = set_group(path, group);

	if (ret)
		log_warning("%s is not given to the group %s: %s", path, group,
			    ret == -EPERM ? "uxmcd is neither root nor in it" :
					    strerror(-ret));
}

int control_open(struct control *control, struct loop *loop,
		 const struct config *config, control_serve serve,
		 void *context)
{
	size_t i;
	int fd, ret;

	memset(control, 0, sizeof(*control));
	control->loop = loop;
	control->serve = serve;
	control->context = context;
	for (i = 0; i < CONTROL_CLIENTS; i++) {
		control->clients[i].control = control;
		control->clients[i].watch.fd = -1;
	}
	text_copy(control->path, sizeof(control->path), config->control);
	fd = listen_at(control->path);
	if (fd < 0)
		return fd;
	ret = loop_add(loop, &control->watch, fd, EPOLLIN, accept_clients,
		       control);
	if (ret) {
		close(fd);
		return ret;
	}
	give_to_group(control->path, config->control_group);
	return 0;
}

void control_close(struct control *control)
{
	int fd = control->watch.fd;
	size_t i;

	for (i = 0; i < CONTROL_CLIENTS; i++)
		drop(&control->clients[i]);
	unlink(control->path);
	loop_del(control->loop, &control->watch);
	close(fd);
}
