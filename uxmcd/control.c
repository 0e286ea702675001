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
#include "publish.h"
#include "request.h"
#include "text.h"
#include "uxmcd.h"

static void drop(struct control_client *client)
{
	close(client->fd);
	client->fd = -1;
	client->waits = false;
}

/* One that does not read its answers is not waited for. */
static void send_packet(struct control_client *client, const char *packet)
{
	if (send(client->fd, packet, strlen(packet),
		 MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		drop(client);
}

static void answer(struct control_client *client, enum reply reply,
		   const char *word, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void answer(struct control_client *client, enum reply reply,
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
		if (client->fd < 0 || !client->waits)
			continue;
		client->waits = false;
		answer(client, reply, word, "%s", sentence);
	}
}

/* One request, with the descriptor that came with it; -1 if none did. */
struct call {
	struct uxmcd *daemon;
	struct control_client *client;
	const char *argument;
	int fd;
};

static void begin_update(struct call *call, int source)
{
	struct request request = { .url = call->argument, .source = source };
	struct control_client *client = call->client;
	struct rules_decision decision;
	const char *word;
	enum reply reply;
	uint32_t id;

	reply = request_check(call->daemon, &request, &decision, &word);
	if (reply != REPLY_OK) {
		answer(client, reply, word, "%s", decision.sentence);
		return;
	}
	id = call->daemon->modules.list[0].id;
	client->waits = true;
	call->fd = -1;
	request_begin(call->daemon, &request, &decision);
	/* One that has ended already has been answered. */
	if (client->waits)
		answer(client, REPLY_OK, "accepted", "uxmc%u", id);
}

static void serve_update(struct call *call)
{
	begin_update(call, -1);
}

static void serve_file(struct call *call)
{
	if (call->fd < 0)
		answer(call->client, REPLY_USAGE, "no-descriptor",
		       "the open file is missing");
	else
		begin_update(call, call->fd);
}

static enum reply cancel_module(struct uxmcd *daemon, uint32_t id,
				const char **word)
{
	switch (netlink_cancel(&daemon->netlink, id)) {
	case 0:
		*word = "cancelled";
		return REPLY_OK;
	case -EBUSY:
		*word = "too-late";
		return REPLY_TOO_LATE;
	case -ENODEV:
		*word = "no-module";
		return REPLY_NO_MODULE;
	case -ENOENT:
		*word = "no-update";
		return REPLY_FAILED;
	}
	*word = "failed";
	return REPLY_FAILED;
}

static const struct module *find_busy(const struct modules *modules)
{
	size_t i;

	for (i = 0; i < modules->count; i++)
		if (module_is_busy(&modules->list[i]))
			return &modules->list[i];
	return NULL;
}

static void serve_cancel(struct call *call)
{
	struct uxmcd *daemon = call->daemon;
	const struct module *module = find_busy(&daemon->modules);
	const char *word;
	enum reply reply;

	if (module) {
		reply = cancel_module(daemon, module->id, &word);
		answer(call->client, reply, word, "%s",
		       reply == REPLY_OK ? "the update is cancelled" :
					   daemon->netlink.refusal);
	} else if (daemon->job.state == JOB_WAIT) {
		job_abandon(daemon, "cancelled");
		answer(call->client, REPLY_OK, "cancelled",
		       "the unfinished update is given up");
	} else {
		answer(call->client, REPLY_FAILED, "no-update",
		       "there is no update to cancel");
	}
}

static int find_setting(struct call *call, const char *name,
			enum setting_id *id)
{
	int ret = setting_find(name, id);

	if (ret)
		answer(call->client, REPLY_REFUSED, "no-setting",
		       "there is no setting of that name: there are %s",
		       setting_names());
	return ret;
}

static void serve_get(struct call *call)
{
	enum setting_id id;

	if (!find_setting(call, call->argument, &id))
		answer(call->client, REPLY_OK, "value", "%s",
		       settings_get(&call->daemon->settings, id));
}

static void serve_settings(struct call *call)
{
	const struct settings *settings = &call->daemon->settings;
	char permission[PERMISSION_SIZE];
	enum setting_id id;

	for (id = 0; id < SETTINGS_COUNT; id++) {
		permission_format(&settings->list[id].permission, permission,
				  sizeof(permission));
		answer(call->client, REPLY_OK, "entry", "%s\t%s\t%s\t%s",
		       setting_name(id), settings_get(settings, id),
		       setting_origin_name(settings_origin(settings, id)),
		       permission);
	}
	answer(call->client, REPLY_OK, "done", "%d", SETTINGS_COUNT);
}

static void answer_readonly(struct call *call, enum setting_id id)
{
	char permission[PERMISSION_SIZE];

	permission_format(&call->daemon->settings.list[id].permission,
			  permission, sizeof(permission));
	answer(call->client, REPLY_REFUSED, "read-only",
	       "%s is read-only: the provisioning server says so (perm=\"%s\")",
	       setting_name(id), permission);
}

/* @value: NULL clears it */
static void change_setting(struct call *call, const char *name,
			   const char *value)
{
	enum setting_id id;
	int ret;

	if (find_setting(call, name, &id))
		return;
	ret = publish_setting(call->daemon, id, value);
	if (!ret)
		answer(call->client, REPLY_OK, "stored", "%s", "stored");
	else if (ret == -EPERM)
		answer_readonly(call, id);
	else if (ret == -EINVAL || ret == -ERANGE || ret == -E2BIG)
		answer(call->client, REPLY_REFUSED, "bad-value",
		       "that is not a value for %s: give %s", name,
		       setting_wants(id));
	else
		answer(call->client, REPLY_FAILED, "not-stored",
		       "it cannot be stored: %s", strerror(-ret));
}

static void serve_set(struct call *call)
{
	const char *blank = strchr(call->argument, ' ');
	char name[64];

	if (!blank || (size_t)(blank - call->argument) >= sizeof(name)) {
		answer(call->client, REPLY_USAGE, "usage",
		       "set takes a name and a value");
		return;
	}
	text_format(name, sizeof(name), "%.*s", (int)(blank - call->argument),
		    call->argument);
	change_setting(call, name, blank + 1);
}

static void serve_clear(struct call *call)
{
	change_setting(call, call->argument, NULL);
}

static const struct verb {
	const char *name;
	void (*serve)(struct call *call);
} verbs[] = {
	{ "update", serve_update },
	{ "file", serve_file },
	{ "cancel", serve_cancel },
	{ "get", serve_get },
	{ "set", serve_set },
	{ "clear", serve_clear },
	{ "settings", serve_settings },
};

static void serve_packet(struct call *call, char *packet, size_t length)
{
	char *blank = strchr(packet, ' ');
	size_t i;

	if (strlen(packet) != length || !text_is_clean(packet)) {
		answer(call->client, REPLY_REFUSED, "url-bad",
		       "there are control characters in it");
		return;
	}
	if (blank)
		*blank++ = '\0';
	call->argument = blank ? blank : "";
	for (i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (strcmp(packet, verbs[i].name))
			continue;
		verbs[i].serve(call);
		return;
	}
	answer(call->client, REPLY_USAGE, "no-verb",
	       "this uxmcd does not know that request");
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
		answer(client, REPLY_REFUSED, "url-long",
		       "the request is too long");
	else
		serve_packet(&call, packet, (size_t)length);
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
