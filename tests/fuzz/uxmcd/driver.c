// SPDX-License-Identifier: GPL-2.0-or-later
/* common/netlink.h, with a driver behind it that has two ports. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "imagename.h"
#include "netlink.h"
#include "text.h"
#include "wear.h"
#include "world.h"

#define PORTS	2
#define QUEUE	64

struct port {
	struct module module;
	bool there;
	unsigned int reasons;	/* that its next updates have */
	unsigned int image;	/* that it is flashed with */
	bool nameless;		/* it has no serial number */
	char runs[UXMC_VERSION_MAX + 1];
	uint64_t deadline;	/* of the next report */
};

static struct port ports[PORTS];
static bool loaded;
static bool running;		/* uxmcd is */
static bool asked;		/* for an update, by a person */
static int bell = -1;
static struct event {
	enum netlink_event event;
	struct module module;
} queue[QUEUE];
static size_t queued;

static const char * const urls[] = {
	"http://h/snomD7C-1.6.1-r.bin", "http://h/snomD7C-1.7.1-r.bin",
	"http://h/snomD8C-1.6.1-r.bin", "nonsense",
};

static void ring(enum netlink_event event, const struct module *module)
{
	uint64_t one = 1;

	if (bell < 0)
		return;
	if (queued == QUEUE) {
		queued = 0;
		event = NETLINK_EVENTS_LOST;
	}
	queue[queued].event = event;
	if (module)
		queue[queued].module = *module;
	queued++;
	if (write(bell, &one, sizeof(one)) < 0)
		world_wrong("the bell does not ring");
}

static void tell(struct port *port)
{
	ring(NETLINK_MODULE_CHANGED, &port->module);
}

static struct port *find(uint32_t id)
{
	struct port *port = &ports[id % PORTS];

	return loaded && id < PORTS && port->there ? port : NULL;
}

void driver_give_reasons(unsigned int count)
{
	size_t i;

	for (i = 0; i < PORTS; i++)
		ports[i].reasons += count;
}

void driver_be_asked(void)
{
	asked = true;
}

bool driver_was_asked(void)
{
	return asked;
}

static void plug(struct port *port, bool dfu)
{
	struct module *module = &port->module;
	uint32_t id = (uint32_t)(port - ports);

	memset(module, 0, sizeof(*module));
	module->id = id;
	module->mode = dfu ? UXMC_MODE_DFU : UXMC_MODE_APPLICATION;
	snprintf(module->port, sizeof(module->port), "1-%u", id + 1);
	if (!port->nameless)
		snprintf(module->serial, sizeof(module->serial), "S%u", id);
	if (*module->serial && !dfu)
		wear_replaced(id);
	strcpy(module->model, "D7C");
	strcpy(module->version, dfu ? "" : port->runs);
	port->there = true;
	/* One that is without firmware needs some. */
	port->reasons += dfu;
	tell(port);
}

static void unplug(struct port *port)
{
	struct module gone = port->module;

	if (!port->there)
		return;
	if (module_is_busy(&gone)) {
		gone.state = UXMC_STATE_FAILED;
		gone.error = ENODEV;
		strcpy(gone.message, "downloading: the module left the bus");
		port->reasons++;
	}
	port->there = false;
	ring(NETLINK_MODULE_REMOVED, &gone);
}

static void fail(struct port *port, uint32_t error, const char *message)
{
	port->module.state = UXMC_STATE_FAILED;
	port->module.error = error;
	text_format(port->module.message, sizeof(port->module.message), "%s", message);
	port->reasons++;
	tell(port);
}

static void end_well(struct port *port)
{
	struct module *module = &port->module;

	module->state = UXMC_STATE_DONE;
	module->mode = UXMC_MODE_APPLICATION;
	memcpy(module->version, module->expect, sizeof(module->version));
	memcpy(port->runs, module->expect, sizeof(port->runs));
	/* Unless uxmcd hears of it, and can store it, it may do so again. */
	port->reasons += !running || disk_was_bad();
	tell(port);
}

static void end(struct port *port)
{
	if (world_takes(port->image)) {
		end_well(port);
		return;
	}
	port->module.mode = UXMC_MODE_DFU;
	*port->module.version = '\0';
	fail(port, EPROTO, "manifesting: the module reports errVERIFY");
}

/* A step of an update that the driver is at. */
static void step(struct port *port)
{
	if (port->module.state == UXMC_STATE_REBOOTING) {
		end(port);
		return;
	}
	port->module.state++;
	tell(port);
}

static bool is_flashing(const struct port *port)
{
	return port->there && module_is_flashing(&port->module);
}

static void ask(struct port *port, const char *url)
{
	struct module *module = &port->module;

	if (!loaded || !port->there || module_is_busy(module))
		return;
	driver_give_reasons(2);
	driver_be_asked();
	wear_person(WEAR_ASKED);
	module->state = UXMC_STATE_REQUESTED;
	module->error = 0;
	*module->message = '\0';
	text_copy(module->url, sizeof(module->url), url);
	tell(port);
}

static void unload(void)
{
	size_t i;

	if (!loaded)
		return;
	loaded = false;
	for (i = 0; i < PORTS; i++)
		if (ports[i].there && module_is_busy(&ports[i].module))
			ports[i].reasons++;
	ring(NETLINK_DRIVER_WENT, NULL);
}

static void load(void)
{
	size_t i;

	if (loaded)
		return;
	loaded = true;
	for (i = 0; i < PORTS; i++)
		if (ports[i].there)
			plug(&ports[i], ports[i].module.mode == UXMC_MODE_DFU);
	ring(NETLINK_DRIVER_CAME, NULL);
}

void driver_reset(size_t count, bool nameless)
{
	size_t i;

	asked = false;
	memset(ports, 0, sizeof(ports));
	loaded = true;
	queued = 0;
	for (i = 0; i < PORTS; i++) {
		strcpy(ports[i].runs, "1.1.1");
		ports[i].nameless = nameless;
		if (i < count)
			plug(&ports[i], false);
	}
	driver_give_reasons(1);
}

const struct module *driver_module(size_t module)
{
	return &ports[module].module;
}

/* uxmcd is, or will be, another one, which has heard of nothing. */
void driver_restart(void)
{
	size_t i;

	running = false;
	for (i = 0; i < PORTS; i++)
		if (ports[i].there && module_is_busy(&ports[i].module))
			ports[i].reasons++;
}

/* Whatever was being flashed is without firmware then. */
void driver_boot(void)
{
	size_t i;

	for (i = 0; i < PORTS; i++) {
		struct port *port = &ports[i];

		if (port->there && module_is_busy(&port->module))
			port->reasons++;
		if (is_flashing(port))
			port->module.mode = UXMC_MODE_DFU;
	}
	loaded = false;
	bell = -1;
}

/* In DFU mode, and without the serial number that it has otherwise */
static void plug_nameless(struct port *port)
{
	port->nameless = true;
	plug(port, true);
	port->nameless = false;
}

void driver_act(uint8_t what)
{
	struct port *port = &ports[what / 16 % PORTS];

	switch (what % 16) {
	case 0: case 1: case 2: case 3:
		if (is_flashing(port))
			step(port);
		break;
	case 4:
		if (is_flashing(port))
			fail(port, EPROTO, "downloading: the module said no");
		break;
	case 5:
		unplug(port);
		break;
	case 6: case 7:
		if (loaded && !port->there)
			plug(port, what % 16 == 7);
		break;
	case 8:
		unload();
		break;
	case 9:
		load();
		break;
	case 10:
		queued = 0;
		ring(NETLINK_EVENTS_LOST, NULL);
		break;
	case 11:
		if (port->there && module_is_busy(&port->module) && !is_flashing(port))
			fail(port, ECANCELED, "fetching: cancelled");
		break;
	default:
		if (loaded && !port->there && what % 16 == 12)
			plug_nameless(port);
		else
			ask(port, urls[what % 4]);
		break;
	}
}

/* uxmcd is given up where it does not report. */
static bool is_overdue(const struct port *port)
{
	return port->there && port->module.state == UXMC_STATE_FETCHING &&
	       clock_now() > port->deadline;
}

bool driver_work(void)
{
	bool worked = !loaded;
	size_t i;

	load();
	for (i = 0; i < PORTS; i++) {
		if (!ports[i].there && *ports[i].module.port) {
			plug(&ports[i], ports[i].module.mode == UXMC_MODE_DFU);
			return true;
		}
		if (is_flashing(&ports[i])) {
			step(&ports[i]);
			return true;
		}
		if (is_overdue(&ports[i])) {
			fail(&ports[i], ETIMEDOUT, "fetching: uxmcd does not report");
			return true;
		}
	}
	return worked;
}

/* What uxmcd calls */

int netlink_open(struct netlink *netlink)
{
	memset(netlink, 0, sizeof(*netlink));
	bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	queued = 0;
	running = true;
	return bell < 0 ? -errno : 0;
}

void netlink_close(struct netlink *netlink)
{
	(void)netlink;
	close(bell);
	bell = -1;
}

int netlink_events_fd(const struct netlink *netlink)
{
	(void)netlink;
	return bell;
}

int netlink_find_driver(struct netlink *netlink)
{
	netlink->family = loaded;
	return loaded ? 0 : -ENOENT;
}

void netlink_forget_driver(struct netlink *netlink)
{
	netlink->family = 0;
}

int netlink_receive(struct netlink *netlink, netlink_handler handler, void *context)
{
	struct event taken[QUEUE];
	size_t i, count = queued;
	uint64_t rung;

	(void)netlink;
	memcpy(taken, queue, sizeof(taken));
	queued = 0;
	if (read(bell, &rung, sizeof(rung)) < 0)
		return 0;
	for (i = 0; i < count; i++)
		handler(context, taken[i].event, &taken[i].module);
	return 0;
}

int netlink_list(struct netlink *netlink, struct modules *modules)
{
	size_t i;

	(void)netlink;
	modules_clear(modules);
	for (i = 0; loaded && i < PORTS; i++)
		if (ports[i].there)
			modules_put(modules, &ports[i].module);
	return loaded ? 0 : -ENODEV;
}

int netlink_get(struct netlink *netlink, uint32_t id, struct module *module)
{
	const struct port *port = find(id);

	(void)netlink;
	if (!port)
		return -ENODEV;
	*module = port->module;
	return 0;
}

static int refuse(struct netlink *netlink, int error, const char *why)
{
	text_format(netlink->refusal, sizeof(netlink->refusal), "%s", why);
	return error;
}

int netlink_request(struct netlink *netlink, uint32_t id, const char *url)
{
	struct port *port = find(id);

	if (!port)
		return refuse(netlink, -ENODEV, "there is no such module");
	if (module_is_busy(&port->module))
		return refuse(netlink, -EBUSY, "an update is under way");
	port->module.state = UXMC_STATE_REQUESTED;
	port->module.error = 0;
	*port->module.message = '\0';
	text_copy(port->module.url, sizeof(port->module.url), url);
	tell(port);
	return 0;
}

int netlink_report_fetching(struct netlink *netlink, uint32_t id, uint64_t done,
			    uint64_t total, uint32_t timeout)
{
	struct port *port = find(id);

	if (!port)
		return refuse(netlink, -ENODEV, "there is no such module");
	if (port->module.state != UXMC_STATE_REQUESTED &&
	    port->module.state != UXMC_STATE_FETCHING)
		return refuse(netlink, -EINVAL, "there is no request");
	port->module.state = UXMC_STATE_FETCHING;
	port->module.done = done;
	port->module.total = total;
	port->deadline = clock_now() + timeout;
	tell(port);
	return 0;
}

int netlink_report_failed(struct netlink *netlink, uint32_t id, const char *message,
			  int error)
{
	struct port *port = find(id);
	char text[UXMC_MESSAGE_MAX + 1];

	if (!port)
		return refuse(netlink, -ENODEV, "there is no such module");
	text_format(text, sizeof(text), "fetching: %s", message);
	fail(port, (uint32_t)error, text);
	return 0;
}

int netlink_flash(struct netlink *netlink, uint32_t id, const char *file,
		  const char *expect)
{
	struct port *port = find(id);
	char path[256];

	if (!port)
		return refuse(netlink, -ENODEV, "there is no such module");
	if (module_is_flashing(&port->module))
		return refuse(netlink, -EBUSY, "an update is under way");
	snprintf(path, sizeof(path), "firmware/%s", file);
	if (!disk_has(path))
		world_wrong("flashed without an image: %s", file);
	port->image = disk_image(file);
	world_flash(id, port->module.url, file, &port->reasons);
	port->module.state = UXMC_STATE_VERIFYING;
	text_copy(port->module.file, sizeof(port->module.file), file);
	text_copy(port->module.expect, sizeof(port->module.expect), expect);
	tell(port);
	return 0;
}

int netlink_cancel(struct netlink *netlink, uint32_t id)
{
	struct port *port = find(id);

	if (!port)
		return refuse(netlink, -ENODEV, "there is no such module");
	if (!module_is_busy(&port->module))
		return refuse(netlink, -ENOENT, "there is no update");
	if (port->module.state > UXMC_STATE_VERIFYING)
		return refuse(netlink, -EBUSY, "it is too late");
	fail(port, ECANCELED, "fetching: cancelled");
	return 0;
}

int netlink_show_setting(struct netlink *netlink, uint32_t id,
			 const char *firmware_uxm)
{
	struct port *port = find(id);

	if (!port)
		return refuse(netlink, -ENODEV, "there is no such module");
	text_copy(port->module.firmware_uxm, sizeof(port->module.firmware_uxm),
		  firmware_uxm);
	return 0;
}
