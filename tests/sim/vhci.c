// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "transport.h"

#define CONTROLLER	"/sys/devices/platform/vhci_hcd.0"
#define DEVID		0x00010001	/* any: there is one device to a socket */

/* USB/IP, see Documentation/usb/usbip_protocol.rst: all is big endian. */
#define CMD_SUBMIT	1
#define CMD_UNLINK	2
#define RET_SUBMIT	3
#define RET_UNLINK	4
#define DIRECTION_IN	1

struct packet {
	uint32_t command;
	uint32_t seqnum;
	uint32_t devid;
	uint32_t direction;
	uint32_t endpoint;
	union {
		struct {
			uint32_t flags;
			uint32_t length;
			uint32_t start_frame;
			uint32_t nr_packets;
			uint32_t interval;
			struct usb_ctrlrequest setup;
		} submit;
		struct {
			uint32_t status;
			uint32_t length;
			uint32_t start_frame;
			uint32_t nr_packets;
			uint32_t nr_errors;
		} submitted;
		struct {
			uint32_t seqnum;
		} unlink;
		struct {
			uint32_t status;
		} unlinked;
	};
};

_Static_assert(sizeof(struct packet) == 48, "USB/IP's header has 48 bytes");

/*
 * A reset of the port is not seen here when it happens, but when the host talks
 * to the device again; so much later, at the most.
 */
#define RESET_LATENCY_MS	500

/* More than the largest control transfer and its header. */
#define INPUT_SIZE	(256 * 1024)
#define OUTPUT_SIZE	(64 * 1024)
#define MAX_UNANSWERED	64

/**
 * struct unanswered - a transfer that the host waits for
 * @packet: as it came
 * @waiting: not served yet, since an endpoint does one transfer after the other,
 *	and one before this one, on the control endpoint, hangs
 * @lost: no bar to the ones behind it
 */
struct unanswered {
	struct packet packet;
	bool waiting;
	bool lost;
};

static unsigned int port;
static int fd = -1;
static uint8_t input[INPUT_SIZE];
static size_t nr_input;
static uint8_t output[OUTPUT_SIZE] __attribute__((aligned(8)));
static size_t nr_output;
static struct unanswered unanswered[MAX_UNANSWERED];
static unsigned int nr_unanswered;
static bool refusing;
static unsigned int nr_refused;

static int write_attach(enum usb_device_speed speed, int peer)
{
	char line[64];
	int file, length, ret = 0;

	file = open(CONTROLLER "/attach", O_WRONLY | O_CLOEXEC);
	if (file < 0)
		return -errno;

	length = snprintf(line, sizeof(line), "%u %d %d %d", port, peer, DEVID,
			  (int)speed);
	if (write(file, line, (size_t)length) < 0)
		ret = -errno;
	(void)close(file);
	return ret;
}

static int attach(enum usb_device_speed speed)
{
	int pair[2], ret;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return -errno;

	ret = write_attach(speed, pair[1]);
	(void)close(pair[1]);
	if (ret) {
		(void)close(pair[0]);
		return ret;
	}

	fd = pair[0];
	nr_input = 0;
	nr_output = 0;
	nr_unanswered = 0;
	refusing = false;
	return 0;
}

static void detach(void)
{
	if (fd >= 0)
		(void)close(fd);
	fd = -1;
}

static bool vacant(void)
{
	char pattern[sizeof(CONTROLLER) + 32];
	glob_t found;
	int ret;

	(void)snprintf(pattern, sizeof(pattern), CONTROLLER "/usb*/*-%u",
		       port + 1);
	ret = glob(pattern, GLOB_NOSORT, NULL, &found);
	if (!ret)
		globfree(&found);
	return ret == GLOB_NOMATCH;
}

static int get_fd(void)
{
	return fd;
}

/* Nothing to tell the caller: a host that hung up shows at the next read. */
static void flush(void)
{
	size_t sent = 0;
	ssize_t n;

	while (fd >= 0 && sent < nr_output) {
		n = send(fd, output + sent, nr_output - sent, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		sent += (size_t)n;
	}
	nr_output = 0;
}

static struct packet *next_reply(uint32_t command, uint32_t seqnum)
{
	struct packet *reply;

	if (nr_output + sizeof(*reply) + URB_REPLY_MAX > sizeof(output))
		flush();

	reply = (struct packet *)(output + nr_output);
	memset(reply, 0, sizeof(*reply));
	reply->command = htobe32(command);
	reply->seqnum = htobe32(seqnum);
	return reply;
}

static void finish_reply(size_t nr_data)
{
	/* Replies of odd lengths follow each other: keep them aligned. */
	nr_output += sizeof(struct packet) + nr_data;
	if (nr_output % sizeof(uint32_t))
		flush();
}

static void answer(uint32_t seqnum, bool in, int result)
{
	struct packet *reply = next_reply(RET_SUBMIT, seqnum);

	if (result < 0)
		reply->submitted.status = htobe32((uint32_t)result);
	else
		reply->submitted.length = htobe32((uint32_t)result);
	finish_reply(in && result > 0 ? (size_t)result : 0);
}

static void refuse(uint32_t seqnum)
{
	answer(seqnum, false, -EPROTO);
	nr_refused++;
}

static void keep_unanswered(const struct packet *packet, bool waiting, bool lost)
{
	if (nr_unanswered == MAX_UNANSWERED) {
		answer(be32toh(packet->seqnum), false, -EPROTO);
		return;
	}
	unanswered[nr_unanswered].packet = *packet;
	unanswered[nr_unanswered].lost = lost;
	unanswered[nr_unanswered++].waiting = waiting;
}

static void forget_unanswered(unsigned int i)
{
	nr_unanswered--;
	memmove(&unanswered[i], &unanswered[i + 1],
		(nr_unanswered - i) * sizeof(unanswered[0]));
}

static unsigned int nr_control_unanswered(void)
{
	unsigned int i, count = 0;

	for (i = 0; i < nr_unanswered; i++)
		if (!unanswered[i].packet.endpoint && !unanswered[i].lost)
			count++;
	return count;
}

/*
 * The controller does not tell of resets. A host that asks a configured device
 * for its descriptor as one does who does not know the size of its packets, has
 * reset it.
 */
static bool follows_reset(const struct urb *urb)
{
	const struct usb_ctrlrequest *setup = &urb->setup;
	const uint16_t length = le16toh(setup->wLength);

	return !urb->endpoint && setup->bRequestType == USB_DIR_IN &&
	       setup->bRequest == USB_REQ_GET_DESCRIPTOR &&
	       le16toh(setup->wValue) == USB_DT_DEVICE << 8 &&
	       (length == 64 || length == 8);
}

static void serve_submit(const struct packet *packet, const uint8_t *data,
			 const struct device *device)
{
	const uint32_t seqnum = be32toh(packet->seqnum);
	struct urb urb = {
		.endpoint = (uint8_t)be32toh(packet->endpoint),
		.in = be32toh(packet->direction) == DIRECTION_IN,
		.length = be32toh(packet->submit.length),
		.setup = packet->submit.setup,
		.data = data,
	};
	int result;

	if (follows_reset(&urb))
		device->reset();

	/* The reply's data go where they will be sent from. */
	next_reply(RET_SUBMIT, seqnum);
	result = device->serve(&urb, output + nr_output + sizeof(*packet));
	if (fd < 0)
		return;
	if (result == URB_UNANSWERED || result == URB_LOST)
		keep_unanswered(packet, false, result == URB_LOST);
	else
		answer(seqnum, urb.in, result);
}

static void submit(const struct packet *packet, const uint8_t *data,
		   const struct device *device)
{
	if (refusing)
		refuse(be32toh(packet->seqnum));
	else if (!packet->endpoint && nr_control_unanswered())
		keep_unanswered(packet, true, false);
	else
		serve_submit(packet, data, device);
}

/*
 * The control endpoint goes on with what was queued behind the transfer that
 * hung. Data are not kept: no host sends a block before it knows of the last.
 */
static void serve_waiting(const struct device *device)
{
	struct packet packet;
	unsigned int i = 0;

	while (fd >= 0 && i < nr_unanswered) {
		packet = unanswered[i].packet;
		if (packet.endpoint || unanswered[i].lost) {
			i++;
			continue;
		}
		if (!unanswered[i].waiting)
			break;
		forget_unanswered(i);
		serve_submit(&packet, NULL, device);
	}
}

static void unlink_urb(const struct packet *packet,
		       const struct device *device)
{
	struct packet *reply;
	unsigned int i;

	reply = next_reply(RET_UNLINK, be32toh(packet->seqnum));
	for (i = 0; i < nr_unanswered; i++) {
		if (unanswered[i].packet.seqnum != packet->unlink.seqnum)
			continue;
		forget_unanswered(i);
		reply->unlinked.status = htobe32((uint32_t)-ECONNRESET);
		break;
	}
	finish_reply(0);
	serve_waiting(device);
}

/* Serve the packet at @at, of @left bytes; 0 if it is not all there yet. */
static ssize_t serve_packet(const uint8_t *at, size_t left,
			    const struct device *device)
{
	struct packet packet;
	size_t size = sizeof(packet);

	if (left < size)
		return 0;
	memcpy(&packet, at, size);

	switch (be32toh(packet.command)) {
	case CMD_SUBMIT:
		if (be32toh(packet.direction) != DIRECTION_IN)
			size += be32toh(packet.submit.length);
		if (size > sizeof(input))
			return -EMSGSIZE;
		if (left < size)
			return 0;
		submit(&packet, at + sizeof(packet), device);
		break;
	case CMD_UNLINK:
		unlink_urb(&packet, device);
		break;
	default:
		return -EPROTO;
	}

	return (ssize_t)size;
}

static int receive(const struct device *device)
{
	size_t done = 0;
	ssize_t n;

	n = recv(fd, input + nr_input, sizeof(input) - nr_input, MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (!n)
		return -ECONNRESET;
	nr_input += (size_t)n;

	do {
		n = serve_packet(input + done, nr_input - done, device);
		if (n < 0)
			return (int)n;
		done += (size_t)n;
	} while (n && fd >= 0);

	flush();
	device->answered();
	nr_input -= done;
	memmove(input, input + done, nr_input);
	return 0;
}

static void refuse_all(void)
{
	unsigned int i;

	refusing = true;
	nr_refused = 0;
	for (i = 0; i < nr_unanswered; i++)
		refuse(be32toh(unanswered[i].packet.seqnum));
	nr_unanswered = 0;
	flush();
}

static unsigned int take_refused(void)
{
	const unsigned int taken = nr_refused;

	nr_refused = 0;
	return taken;
}

const struct transport *vhci_transport(unsigned int number)
{
	static char place[16];
	static const struct transport vhci = {
		.place = place,
		.absent = "there is no virtual host controller: modprobe vhci-hcd",
		.reset_latency_ms = RESET_LATENCY_MS,
		.attach = attach,
		.detach = detach,
		.vacant = vacant,
		.fd = get_fd,
		.receive = receive,
		.refuse = refuse_all,
		.take_refused = take_refused,
	};

	port = number;
	(void)snprintf(place, sizeof(place), "port %u", number);
	return &vhci;
}
