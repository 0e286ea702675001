// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <grp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "control.h"
#include "log.h"
#include "text.h"
#include "url.h"

/* How long to wait for others to close some of their descriptors, in milliseconds */
#define REST	1000

/* Is there a file of which somebody waits for the rest? */
static bool owes(const struct control_client *client)
{
	return client->owed && client->waits == CONTROL_UPDATE;
}

static void listen_again(struct control *control)
{
	if (control->listening)
		return;
	control->listening = true;
	loop_cancel(control->loop, &control->rest);
	loop_change(control->loop, &control->watch, EPOLLIN);
}

/* What comes meanwhile waits in the kernel. */
static void stop_listening(struct control *control)
{
	control->listening = false;
	loop_change(control->loop, &control->watch, 0);
}

static void drop(struct control_client *client)
{
	struct control *control = client->control;
	int fd = client->watch.fd;
	bool owed = owes(client);

	if (fd < 0)
		return;
	loop_del(control->loop, &client->watch);
	loop_cancel(control->loop, &client->idle);
	close(fd);
	client->waits = CONTROL_NOTHING;
	client->owed = 0;
	listen_again(control);
	if (owed)
		control->ops->lost(control->context);
}

static void drop_idle(void *context)
{
	drop(context);
}

/* Who waits is not idle. One that owes a file that nobody wants may be. */
static void note_activity(struct control_client *client)
{
	if (client->watch.fd < 0)
		return;
	if (client->waits)
		loop_cancel(client->control->loop, &client->idle);
	else
		loop_start(client->control->loop, &client->idle, CONTROL_IDLE);
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
	/* Whoever may connect need not know the passwords of servers. */
	url_format_hidden(sentence, sizeof(sentence), format, args);
	va_end(args);
	text_format(packet, sizeof(packet), "%d %s %s", reply, word, sentence);
	send_packet(client, packet);
}

void control_expect(struct control_client *client, uint64_t count)
{
	client->owed = count;
}

struct control_client *control_take_waiting(struct control *control,
					    enum control_wait wait)
{
	struct control_client *client = control->clients;

	for (; client < control->clients + CONTROL_CLIENTS; client++)
		if (client->waits == wait) {
			client->waits = CONTROL_NOTHING;
			note_activity(client);
			return client;
		}
	return NULL;
}

/* What nobody waits for any more is read all the same: a request may follow it. */
static void take_data(struct control_client *client, const char *data, size_t count)
{
	struct control *control = client->control;
	bool wanted = owes(client);

	if (count > client->owed) {
		drop(client);
		return;
	}
	client->owed -= count;
	if (wanted)
		control->ops->take(control->context, data, count);
}

static void take_request(struct control_client *client, char *text, size_t length)
{
	struct control *control = client->control;

	if (length >= REPLY_PACKET_MAX) {
		control_answer(client, REPLY_REFUSED, "url-long",
			       "the request is too long");
		return;
	}
	text[length] = '\0';
	control->ops->serve(control->context, client, text, length);
}

/* A descriptor that comes with a packet is none of ours: the kernel closes it. */
static void receive(void *context, uint32_t events)
{
	struct control_client *client = context;
	char packet[REPLY_PACKET_MAX];
	ssize_t length;

	(void)events;
	/* With MSG_TRUNC one that is too long says how long it is. */
	length = recv(client->watch.fd, packet, sizeof(packet),
		      MSG_DONTWAIT | MSG_TRUNC);
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (length <= 0)
		drop(client);
	else if (client->owed && (size_t)length <= sizeof(packet))
		take_data(client, packet, (size_t)length);
	else
		take_request(client, packet, (size_t)length);
	note_activity(client);
}

static uid_t user_of(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) ?
	       (uid_t)-1 : peer.uid;
}

static size_t count_of(const struct control *control, uid_t user)
{
	size_t i, count = 0;

	for (i = 0; i < CONTROL_CLIENTS; i++)
		count += control->clients[i].watch.fd >= 0 &&
			 control->clients[i].user == user;
	return count;
}

static struct control_client *find_place(struct control *control)
{
	size_t i;

	for (i = 0; i < CONTROL_CLIENTS; i++)
		if (control->clients[i].watch.fd < 0)
			return &control->clients[i];
	return NULL;
}

/* The one of the user's that nothing was asked on for longest; NULL: all are busy. */
static struct control_client *find_idle(struct control *control, uid_t user)
{
	struct control_client *client, *found = NULL;

	for (client = control->clients;
	     client < control->clients + CONTROL_CLIENTS; client++)
		if (client->idle.running && client->user == user &&
		    (!found || client->idle.due < found->idle.due))
			found = client;
	return found;
}

/* Who has too many makes place for oneself, and at nobody else's cost. */
static bool may_enter(struct control *control, uid_t user)
{
	struct control_client *idle;

	if (count_of(control, user) < CONTROL_CLIENTS_OF_USER)
		return true;
	idle = find_idle(control, user);
	if (idle)
		drop(idle);
	return idle;
}

static void refuse(int fd)
{
	char packet[128];

	text_format(packet, sizeof(packet), "%d too-many %s", REPLY_BUSY,
		    "many requests of yours are under way: wait for the end of one");
	send(fd, packet, strlen(packet), MSG_DONTWAIT | MSG_NOSIGNAL);
	/* If it had not been read, that is what the client would hear first. */
	recv(fd, packet, sizeof(packet), MSG_DONTWAIT);
	close(fd);
}

static void enter(struct control *control, int fd)
{
	uid_t user = user_of(fd);
	struct control_client *client;

	if (!may_enter(control, user)) {
		refuse(fd);
		return;
	}
	client = find_place(control);
	if (!client || loop_add(control->loop, &client->watch, fd, EPOLLIN,
				receive, client)) {
		close(fd);
		return;
	}
	client->user = user;
	note_activity(client);
	if (!find_place(control))
		stop_listening(control);
}

/* One at a time: those who are connected have their turn in between. */
static void accept_client(void *context, uint32_t events)
{
	struct control *control = context;
	int fd;

	(void)events;
	fd = accept4(control->watch.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0) {
		enter(control, fd);
	} else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		   errno == ENOMEM) {
		log_warning("nobody more can be connected to: %s", strerror(errno));
		stop_listening(control);
		loop_start(control->loop, &control->rest, REST);
	}
}

static void end_rest(void *context)
{
	listen_again(context);
}

static int set_group(const char *path, const char *name)
{
	struct group *group = getgrnam(name);

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

static void give_to_group(const struct control *control, const struct config *config)
{
	const char *path = control->path, *group = config->control_group;
	int ret = 0;

	if (*group)
		ret = set_group(path, group);
	else if (control->has_web && chown(path, (uid_t)-1, control->web.group))
		ret = -errno;
	if (ret)
		log_warning("%s is not given to the group %s: %s", path,
			    *group ? group : config->web_user,
			    ret == -EPERM ? "uxmcd is neither root nor in it" :
					    strerror(-ret));
}

static void open_place(struct control *control, struct control_client *client)
{
	client->control = control;
	client->watch.fd = -1;
	client->idle.call = drop_idle;
	client->idle.context = client;
}

int control_open(struct control *control, struct loop *loop,
		 const struct config *config, const struct control_ops *ops,
		 void *context)
{
	size_t i;
	int fd, ret;

	memset(control, 0, sizeof(*control));
	control->loop = loop;
	control->ops = ops;
	control->context = context;
	control->rest.call = end_rest;
	control->rest.context = control;
	for (i = 0; i < CONTROL_CLIENTS; i++)
		open_place(control, &control->clients[i]);
	text_copy(control->path, sizeof(control->path), config->control);
	fd = listen_at(control->path);
	if (fd < 0)
		return fd;
	ret = loop_add(loop, &control->watch, fd, EPOLLIN, accept_client,
		       control);
	if (ret) {
		close(fd);
		return ret;
	}
	control->listening = true;
	/* Without the web pages there need not be such a user. */
	control->has_web = !account_find(config->web_user, &control->web);
	give_to_group(control, config);
	return 0;
}

bool control_is_web(const struct control_client *client)
{
	const struct control *control = client->control;

	return control->has_web && client->user == control->web.user;
}

void control_close(struct control *control)
{
	int fd = control->watch.fd;
	size_t i;

	for (i = 0; i < CONTROL_CLIENTS; i++)
		drop(&control->clients[i]);
	unlink(control->path);
	loop_cancel(control->loop, &control->rest);
	loop_del(control->loop, &control->watch);
	close(fd);
}
