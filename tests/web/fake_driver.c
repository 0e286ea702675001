// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In place of the driver, for uxmcweb: a test is at the socket that the environment
 * names, and says what modules there are (fake.py).
 *
 * A packet is a module, in lines NAME=VALUE; an empty line is their end. It is asked
 * by any packet. When something has changed the test sends one line, "changed", to
 * whoever has a connection for events.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "netlink.h"
#include "text.h"

#define PLACE	"UXMC_FAKE_DRIVER"

/* Descriptors in place of libnl's sockets; 0 is none. */
#define SOCKET(pointer)	((int)(intptr_t)(pointer) - 1)
#define POINTER(fd)	((struct nl_sock *)(intptr_t)((fd) + 1))

static int connect_to_test(const char *what)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv(PLACE);
	int fd;

	if (!path || text_copy(address.sun_path, sizeof(address.sun_path), path))
		return -ENOENT;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (!connect(fd, (struct sockaddr *)&address, sizeof(address)) &&
	    send(fd, what, strlen(what), MSG_NOSIGNAL) > 0)
		return fd;
	close(fd);
	return -ENOENT;
}

int netlink_open(struct netlink *netlink)
{
	memset(netlink, 0, sizeof(*netlink));
	return 0;
}

/* Without a test there is no driver. */
int netlink_find_driver(struct netlink *netlink)
{
	int fd = connect_to_test("events");

	if (fd < 0)
		return fd;
	netlink->events = POINTER(fd);
	netlink->family = 1;
	return 0;
}

void netlink_forget_driver(struct netlink *netlink)
{
	netlink->family = 0;
}

void netlink_close(struct netlink *netlink)
{
	if (netlink->events)
		close(SOCKET(netlink->events));
	memset(netlink, 0, sizeof(*netlink));
}

int netlink_events_fd(const struct netlink *netlink)
{
	return SOCKET(netlink->events);
}

int netlink_receive(struct netlink *netlink, netlink_handler handler,
		    void *context)
{
	char line[16];

	while (recv(netlink_events_fd(netlink), line, sizeof(line),
		    MSG_DONTWAIT) > 0)
		handler(context, NETLINK_EVENTS_LOST, NULL);
	return 0;
}

static const struct field {
	const char *name;
	size_t offset;
	size_t size;	/* 0: a number of 64 bits */
} fields[] = {
#define TEXT(name)	{ #name, offsetof(struct module, name), \
			  sizeof(((struct module *)NULL)->name) }
#define NUMBER(name)	{ #name, offsetof(struct module, name), 0 }
	TEXT(port), TEXT(model), TEXT(version), TEXT(serial), TEXT(message),
	TEXT(url), TEXT(file), TEXT(firmware_uxm), NUMBER(done), NUMBER(total),
};

static void take_text(struct module *module, const char *name, const char *value)
{
	const struct field *field = fields;

	for (; field < fields + ARRAY_SIZE(fields); field++)
		if (!strcmp(field->name, name))
			break;
	if (field == fields + ARRAY_SIZE(fields))
		return;
	if (field->size)
		text_copy((char *)module + field->offset, field->size, value);
	else
		text_number(value, UINT64_MAX,
			    (uint64_t *)((char *)module + field->offset));
}

static void take(struct module *module, const char *name, const char *value)
{
	uint64_t number = 0;

	text_number(value, UINT32_MAX, &number);
	if (!strcmp(name, "id"))
		module->id = (uint32_t)number;
	else if (!strcmp(name, "mode"))
		module->mode = (enum uxmc_mode)number;
	else if (!strcmp(name, "state"))
		module->state = (enum uxmc_state)number;
	else if (!strcmp(name, "away"))
		module->away = number;
	else if (!strcmp(name, "timeout"))
		module->timeout = (uint32_t)number;
	else if (!strcmp(name, "error"))
		module->error = (uint32_t)number;
	else
		take_text(module, name, value);
}

static void take_module(struct modules *modules, char *text)
{
	struct module module = { 0 };
	char *line, *value;

	while ((line = strsep(&text, "\n"))) {
		value = strchr(line, '=');
		if (!value)
			continue;
		*value++ = '\0';
		take(&module, line, value);
	}
	modules_put(modules, &module);
}

int netlink_list(struct netlink *netlink, struct modules *modules)
{
	int fd = connect_to_test("list");
	char packet[16384];
	ssize_t count;

	(void)netlink;
	modules_clear(modules);
	if (fd < 0)
		return fd;
	while ((count = recv(fd, packet, sizeof(packet) - 1, 0)) > 1) {
		packet[count] = '\0';
		take_module(modules, packet);
	}
	close(fd);
	return count == 1 ? 0 : -EPIPE;
}
