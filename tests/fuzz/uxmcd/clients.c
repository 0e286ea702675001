// SPDX-License-Identifier: GPL-2.0-or-later
/* Clients of the control socket: each has an answer in the end. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "reply.h"
#include "wear.h"
#include "world.h"

#define CLIENTS		4
#define FILE_SIZE	100

/**
 * struct client - one that is connected
 * @socket: 0: it is not; no descriptor is 0 here
 * @waits: for an answer
 * @file: bytes of a file that it may send
 */
static struct client {
	int socket;
	bool waits;
	size_t file;
} clients[CLIENTS];

/* Of the requests, those for an update */
#define UPDATES		3

/*
 * What is asked for, how many reasons for an update that may be, and how many flashes
 * that do not count.
 */
static const struct {
	const char *text;
	unsigned int reasons;
	unsigned int flashes;
} requests[] = {
	{ "update http://h/snomD7C-1.6.1-r.bin", 2, WEAR_ASKED },
	{ "update http://h/snomD7C-1.7.1-r.bin", 2, WEAR_ASKED },
	{ "file 100 /tmp/snomD7C-1.8.1-r.bin", 2, WEAR_ASKED },
	{ "confirm", 2, 0 },
	{ "cancel", 0, 0 },
	{ "check", 0, 0 },
	{ "refuse", 0, 0 },
	{ "waiting", 0, 0 },
	{ "log", 0, 0 },
	{ "settings", 0, 0 },
	{ "clear firmware_uxm", 1, WEAR_FORGOTTEN },
	{ "set firmware_status http://h/f.xml", 1, 0 },
	{ "set setting_server http://h/s.xml", 1, 0 },
	{ "set update_policy ask_for_update", 1, 0 },
	{ "set update_policy auto_update", 1, 0 },
	{ "set firmware_uxm http://h/snomD7C-1.5.1-r.bin", 1, 0 },
};

static void hang_up(struct client *client)
{
	if (client->socket > 0)
		close(client->socket);
	memset(client, 0, sizeof(*client));
}

static bool dial(struct client *client)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/control", disk_path());
	client->socket = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
				0);
	if (client->socket > 0 &&
	    !connect(client->socket, (struct sockaddr *)&address, sizeof(address)))
		return true;
	hang_up(client);
	return false;
}

static void ask(struct client *client, size_t which)
{
	if (client->socket <= 0 && !dial(client))
		return;
	if (send(client->socket, requests[which].text, strlen(requests[which].text),
		 MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
		hang_up(client);
		return;
	}
	client->waits = true;
	driver_give_reasons(requests[which].reasons);
	if (which < UPDATES)
		driver_be_asked();
	if (requests[which].flashes)
		wear_person(requests[which].flashes);
}

/* Of several packets the last one counts; an update that was accepted has another. */
static void take(struct client *client, const char *packet)
{
	if (!strncmp(packet, "0 step ", 7) || !strncmp(packet, "0 entry ", 8))
		return;
	if (strncmp(packet, "0 accepted ", 11) != 0)
		client->waits = false;
	else
		client->file = FILE_SIZE;
}

static void send_bytes(struct client *client, size_t count)
{
	static const char bytes[FILE_SIZE];

	if (count > client->file)
		count = client->file;
	if (!count)
		return;
	if (send(client->socket, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		hang_up(client);
	else
		client->file -= count;
}

static bool listen_to(struct client *client)
{
	char packet[REPLY_PACKET_MAX + 1];
	ssize_t length;

	if (client->socket <= 0)
		return false;
	length = recv(client->socket, packet, REPLY_PACKET_MAX, MSG_DONTWAIT);
	if (length < 0 && errno == EAGAIN)
		return false;
	if (length <= 0) {
		hang_up(client);
		return true;
	}
	packet[length] = '\0';
	take(client, packet);
	return true;
}

void clients_reset(void)
{
	clients_close_all();
}

void clients_close_all(void)
{
	size_t i;

	for (i = 0; i < CLIENTS; i++)
		hang_up(&clients[i]);
}

void clients_act(uint8_t what)
{
	struct client *client = &clients[what / 64 % CLIENTS];

	switch (what % 64 / 16) {
	case 0:
	case 1:
		/* One thing at a time, as uxmcctl does. */
		if (!client->waits)
			ask(client, what % 16);
		break;
	case 2:
		/* Of an update that is not by file it is what nobody asked for. */
		if (client->waits)
			send_bytes(client, 25u + what % 16);
		break;
	default:
		if (what % 16 < 8)
			listen_to(client);
		else
			hang_up(client);
	}
}

bool clients_listen(void)
{
	bool heard = false;
	size_t i;

	for (i = 0; i < CLIENTS; i++)
		heard |= listen_to(&clients[i]);
	return heard;
}

void clients_check(void)
{
	size_t i;

	for (i = 0; i < CLIENTS; i++)
		if (clients[i].waits)
			world_wrong("a client waits for ever");
}
