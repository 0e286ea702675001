// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A usb-redir device of QEMU's, which is behind a controller that the kernel has a
 * driver for real hardware for. Here is the side that usbredir calls the host.
 *
 * A connection is a device that is plugged in. Each packet with a transfer has to be
 * answered exactly once, be it cancelled or not: QEMU keeps the ids of what it
 * cancelled, and uses ids again.
 */
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <usbredirparser.h>

#include "log.h"
#include "transport.h"
#include "usbredir_info.h"

#define MAX_UNANSWERED	64
#define INTERRUPT_SIZE	8

struct unanswered {
	uint64_t id;
	struct usb_redir_control_packet_header header;
};

static struct sockaddr_un address = { .sun_family = AF_UNIX };
static int fd = -1;
static enum usb_device_speed speed;
static struct usbredirparser *parser;
static const struct device *device;
static struct unanswered unanswered[MAX_UNANSWERED];
static unsigned int nr_unanswered;
static bool leaving;
static uint8_t receiving;	/* an interrupt endpoint that QEMU reads from, or 0 */

/* What an answer says, by the result of serving. */
static uint8_t status_of(int result)
{
	if (result >= 0)
		return usb_redir_success;
	return result == -EPIPE ? usb_redir_stall : usb_redir_ioerror;
}

/* Nothing to tell the caller: a host that hung up shows at the next read. */
static void flush(void)
{
	while (fd >= 0 && usbredirparser_has_data_to_write(parser))
		if (usbredirparser_do_write(parser))
			break;
}

/* To be told before the device is connected, and when it has become another. */
static void send_layout(void)
{
	struct usb_redir_interface_info_header interfaces;
	struct usb_redir_ep_info_header endpoints;

	usbredir_get_layout(device, &interfaces, &endpoints);
	usbredirparser_send_interface_info(parser, &interfaces);
	usbredirparser_send_ep_info(parser, &endpoints);
}

static void on_hello(void *unused, struct usb_redir_hello_header *hello)
{
	struct usb_redir_device_connect_header connect = {
		.speed = speed == USB_SPEED_FULL ? usb_redir_speed_full :
						   usb_redir_speed_high,
	};

	(void)unused;
	(void)hello;
	send_layout();
	usbredir_get_device(device, &connect);
	usbredirparser_send_device_connect(parser, &connect);
	flush();
}

static void answer_control(uint64_t id,
			   struct usb_redir_control_packet_header *header,
			   uint8_t status, uint8_t *data, int length)
{
	const bool in = header->endpoint & USB_DIR_IN;

	header->status = status;
	header->length = (uint16_t)length;
	usbredirparser_send_control_packet(parser, id, header,
					   in && length ? data : NULL,
					   in ? length : 0);
	flush();
}

/* A reset ends what has no answer yet. */
static void give_up_all(void)
{
	unsigned int i;

	for (i = 0; i < nr_unanswered; i++)
		answer_control(unanswered[i].id, &unanswered[i].header,
			       usb_redir_ioerror, NULL, 0);
	nr_unanswered = 0;
}

static void on_reset(void *unused)
{
	(void)unused;
	if (leaving)
		return;
	log_detail("bus reset");
	give_up_all();
	receiving = 0;
	device->reset();
	if (fd < 0)
		return;
	send_layout();
	flush();
}

static void serve_control(uint64_t id,
			  struct usb_redir_control_packet_header *header,
			  const uint8_t *data, int length)
{
	const struct urb urb = {
		.in = (header->endpoint & USB_DIR_IN) != 0,
		.length = header->endpoint & USB_DIR_IN ? header->length :
							  (uint32_t)length,
		.setup = {
			.bRequestType = header->requesttype,
			.bRequest = header->request,
			.wValue = htole16(header->value),
			.wIndex = htole16(header->index),
			.wLength = htole16(header->length),
		},
		.data = data,
	};
	uint8_t reply[URB_REPLY_MAX];
	int result;

	result = device->serve(&urb, reply);
	if (fd < 0)
		return;
	if ((result == URB_UNANSWERED || result == URB_LOST) &&
	    nr_unanswered < MAX_UNANSWERED) {
		unanswered[nr_unanswered].id = id;
		unanswered[nr_unanswered++].header = *header;
		return;
	}
	answer_control(id, header, status_of(result), reply,
		       result < 0 ? 0 : result);
}

static void on_control(void *unused, uint64_t id,
		       struct usb_redir_control_packet_header *header,
		       uint8_t *data, int length)
{
	(void)unused;
	if (!leaving) {
		serve_control(id, header, data, length);
		device->answered();
	}
	usbredirparser_free_packet_data(parser, data);
}

/* QEMU keeps what it is sent until the guest asks for it. */
static void send_interrupts(void)
{
	struct usb_redir_interrupt_packet_header header = {
		.endpoint = receiving,
	};
	const struct urb urb = {
		.endpoint = receiving & USB_ENDPOINT_NUMBER_MASK,
		.in = true,
		.length = INTERRUPT_SIZE,
	};
	uint8_t reply[URB_REPLY_MAX];
	int result;

	if (!receiving)
		return;
	result = device->serve(&urb, reply);
	if (result < 0)
		return;
	header.length = (uint16_t)result;
	usbredirparser_send_interrupt_packet(parser, 0, &header, reply, result);
	flush();
}

static void send_interrupt_status(uint64_t id, uint8_t endpoint)
{
	struct usb_redir_interrupt_receiving_status_header header = {
		.endpoint = endpoint,
		.status = usb_redir_success,
	};

	usbredirparser_send_interrupt_receiving_status(parser, id, &header);
	flush();
}

static void on_start_interrupt(void *unused, uint64_t id,
			       struct usb_redir_start_interrupt_receiving_header *header)
{
	(void)unused;
	send_interrupt_status(id, header->endpoint);
	receiving = header->endpoint;
	if (!leaving)
		send_interrupts();
}

static void on_stop_interrupt(void *unused, uint64_t id,
			      struct usb_redir_stop_interrupt_receiving_header *header)
{
	(void)unused;
	receiving = 0;
	send_interrupt_status(id, header->endpoint);
}

static void on_bulk(void *unused, uint64_t id,
		    struct usb_redir_bulk_packet_header *header, uint8_t *data,
		    int length)
{
	const struct urb urb = {
		.endpoint = header->endpoint & USB_ENDPOINT_NUMBER_MASK,
		.in = (header->endpoint & USB_DIR_IN) != 0,
		.length = (uint32_t)length,
		.data = data,
	};
	int result;

	(void)unused;
	/* The module has no bulk endpoint to read from. */
	result = urb.in ? -EPIPE : device->serve(&urb, NULL);
	usbredirparser_free_packet_data(parser, data);
	if (leaving || fd < 0)
		return;
	header->status = status_of(result);
	header->length = (uint16_t)(result < 0 ? 0 : result);
	header->length_high = (uint16_t)(result < 0 ? 0 : result >> 16);
	usbredirparser_send_bulk_packet(parser, id, header, NULL, 0);
	flush();
	/* A label has its key pressed. */
	send_interrupts();
}

static void on_cancel(void *unused, uint64_t id)
{
	unsigned int i;

	(void)unused;
	for (i = 0; i < nr_unanswered && !leaving; i++) {
		if (unanswered[i].id != id)
			continue;
		answer_control(id, &unanswered[i].header, usb_redir_cancelled,
			       NULL, 0);
		unanswered[i] = unanswered[--nr_unanswered];
		return;
	}
}

static int ask(uint8_t type, uint8_t request, uint16_t value, uint16_t index,
	       uint8_t *reply)
{
	return usbredir_ask(device, type, request, value, index,
			    type & USB_DIR_IN ? 1 : 0, reply);
}

static void send_configuration(uint64_t id, int result)
{
	struct usb_redir_configuration_status_header header = {
		.status = status_of(result),
	};
	uint8_t reply[1];

	if (leaving)
		return;
	if (ask(USB_DIR_IN, USB_REQ_GET_CONFIGURATION, 0, 0, reply) == 1)
		header.configuration = reply[0];
	usbredirparser_send_configuration_status(parser, id, &header);
	flush();
}

static void on_set_configuration(void *unused, uint64_t id,
				 struct usb_redir_set_configuration_header *header)
{
	(void)unused;
	send_configuration(id, ask(0, USB_REQ_SET_CONFIGURATION,
				   header->configuration, 0, NULL));
}

static void on_get_configuration(void *unused, uint64_t id)
{
	(void)unused;
	send_configuration(id, 0);
}

static void send_alternate(uint64_t id, uint8_t interface, int result)
{
	struct usb_redir_alt_setting_status_header header = {
		.interface = interface,
		.status = status_of(result),
	};
	uint8_t reply[1];

	if (leaving)
		return;
	if (ask(USB_DIR_IN | USB_RECIP_INTERFACE, USB_REQ_GET_INTERFACE, 0,
		interface, reply) == 1)
		header.alt = reply[0];
	usbredirparser_send_alt_setting_status(parser, id, &header);
	flush();
}

static void on_set_alternate(void *unused, uint64_t id,
			     struct usb_redir_set_alt_setting_header *header)
{
	(void)unused;
	send_alternate(id, header->interface,
		       ask(USB_RECIP_INTERFACE, USB_REQ_SET_INTERFACE,
			   header->alt, header->interface, NULL));
}

static void on_get_alternate(void *unused, uint64_t id,
			     struct usb_redir_get_alt_setting_header *header)
{
	(void)unused;
	send_alternate(id, header->interface, 0);
}

static void on_log(void *unused, int level, const char *message)
{
	(void)unused;
	if (level <= usbredirparser_warning)
		log_event("usbredir %s", message);
}

static int on_read(void *unused, uint8_t *data, int count)
{
	ssize_t n;

	(void)unused;
	if (fd < 0)
		return -1;
	n = recv(fd, data, (size_t)count, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return n ? (int)n : -1;
}

static int on_write(void *unused, uint8_t *data, int count)
{
	ssize_t n;

	(void)unused;
	if (fd < 0)
		return -1;
	do
		n = send(fd, data, (size_t)count, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return (int)n;
}

static int create_parser(void)
{
	uint32_t caps[USB_REDIR_CAPS_SIZE] = { 0 };

	/* What it was may be on the stack until now: see detach(). */
	if (parser)
		usbredirparser_destroy(parser);
	parser = usbredirparser_create();
	if (!parser)
		return -ENOMEM;

	parser->log_func = on_log;
	parser->read_func = on_read;
	parser->write_func = on_write;
	parser->hello_func = on_hello;
	parser->reset_func = on_reset;
	parser->control_packet_func = on_control;
	parser->bulk_packet_func = on_bulk;
	parser->cancel_data_packet_func = on_cancel;
	parser->set_configuration_func = on_set_configuration;
	parser->get_configuration_func = on_get_configuration;
	parser->set_alt_setting_func = on_set_alternate;
	parser->get_alt_setting_func = on_get_alternate;
	parser->start_interrupt_receiving_func = on_start_interrupt;
	parser->stop_interrupt_receiving_func = on_stop_interrupt;

	usbredirparser_caps_set_cap(caps, usb_redir_cap_connect_device_version);
	/* QEMU's xhci insists on these. */
	usbredirparser_caps_set_cap(caps, usb_redir_cap_ep_info_max_packet_size);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_64bits_ids);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_32bits_bulk_length);
	usbredirparser_init(parser, "uxmc-sim", caps, USB_REDIR_CAPS_SIZE,
			    usbredirparser_fl_usb_host);
	return 0;
}

static int attach(enum usb_device_speed new_speed)
{
	int ret;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;

	ret = create_parser();
	if (!ret && connect(fd, (struct sockaddr *)&address, sizeof(address)))
		ret = -errno;
	if (ret) {
		(void)close(fd);
		fd = -1;
		return ret;
	}

	speed = new_speed;
	nr_unanswered = 0;
	leaving = false;
	receiving = 0;
	flush();
	return 0;
}

/*
 * The parser stays: it may be the one that called, through several functions, and
 * finds out when it reads on.
 */
static void detach(void)
{
	if (fd >= 0)
		(void)close(fd);
	fd = -1;
}

/* QEMU may be about to make the device, such as one behind a hub that comes back. */
static bool vacant(void)
{
	return !access(address.sun_path, F_OK);
}

static int get_fd(void)
{
	return fd;
}

static int receive(const struct device *from)
{
	int ret;

	device = from;
	ret = usbredirparser_do_read(parser);
	flush();
	if (fd < 0 || !ret)
		return 0;
	return ret == usbredirparser_read_parse_error ? -EPROTO : -ECONNRESET;
}

/*
 * QEMU takes back by itself what has no answer when the connection ends, and an
 * error for an answer has its ehci tell of a stall.
 */
static void fall_silent(void)
{
	leaving = true;
}

static unsigned int none_refused(void)
{
	return 0;
}

const struct transport *usbredir_transport(const char *path)
{
	static const struct transport usbredir = {
		.place = address.sun_path,
		.absent = "there is no such socket of QEMU's",
		.attach = attach,
		.detach = detach,
		.vacant = vacant,
		.fd = get_fd,
		.receive = receive,
		.refuse = fall_silent,
		.take_refused = none_refused,
	};

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	return &usbredir;
}
