// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bar.h"
#include "follow.h"

#define WIDTH_DEFAULT	80
#define LINE_SIZE	512
#define STEP_PERCENT	10

/* By how much a status may be late, ms: the machine may be a slow one. */
#define LATE_MS		10000

static bool is_of_interest(const struct follow *follow,
			   const struct module *module)
{
	return follow->only < 0 || follow->only == module->id;
}

enum reply follow_open(struct follow *follow)
{
	enum reply reply;

	memset(follow, 0, sizeof(*follow));
	follow->only = -1;
	follow->tty = isatty(STDOUT_FILENO);
	reply = ctl_open_driver(&follow->netlink);
	follow->driver = reply == REPLY_OK;
	if (follow->driver)
		follow_look(follow);
	return reply;
}

void follow_close(struct follow *follow)
{
	netlink_close(&follow->netlink);
	modules_clear(&follow->modules);
	free(follow->printed);
}

static void skip(void *context, enum netlink_event event,
		 const struct module *module)
{
	(void)context;
	(void)event;
	(void)module;
}

/* What the driver has told until now is older than what it answers. */
void follow_look(struct follow *follow)
{
	netlink_receive(&follow->netlink, skip, NULL);
	if (netlink_list(&follow->netlink, &follow->modules))
		modules_clear(&follow->modules);
}

static size_t terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return WIDTH_DEFAULT;
	return size.ws_col;
}

/* Over what was drawn before; what a shorter list leaves over is wiped. */
static void redraw(struct follow *follow)
{
	size_t width = terminal_width();
	char line[LINE_SIZE];
	size_t i, drawn = 0;

	if (follow->drawn)
		printf("\033[%zuA", follow->drawn);
	for (i = 0; i < follow->modules.count; i++) {
		const struct module *module = &follow->modules.list[i];

		if (!is_of_interest(follow, module))
			continue;
		bar_draw(module, width - 1, line, sizeof(line));
		printf("\r%s\033[K\n", line);
		drawn++;
	}
	printf("\033[J");
	fflush(stdout);
	follow->drawn = drawn;
}

static struct printed *find_printed(struct follow *follow, uint32_t id)
{
	struct printed *printed;
	size_t i;

	for (i = 0; i < follow->printed_count; i++)
		if (follow->printed[i].id == id)
			return &follow->printed[i];

	printed = reallocarray(follow->printed, follow->printed_count + 1,
			       sizeof(*printed));
	if (!printed)
		return NULL;
	follow->printed = printed;
	printed += follow->printed_count++;
	*printed = (struct printed){ .id = id, .state = UXMC_STATE_FAILED + 1 };
	return printed;
}

/* A line for each new state, and for each ten per cent in it. */
static void print_news(struct follow *follow, const struct module *module)
{
	struct printed *printed = find_printed(follow, module->id);
	int percent = bar_percent(module);
	int step = percent < 0 ? -1 : percent / STEP_PERCENT;
	char line[LINE_SIZE];

	if (!printed)
		return;
	if (printed->state == module->state &&
	    (step <= 0 || printed->step == step))
		return;
	printed->state = module->state;
	printed->step = step;
	bar_line(module, line, sizeof(line));
	puts(line);
	fflush(stdout);
}

void follow_show(struct follow *follow)
{
	size_t i;

	if (follow->quiet && !follow_is_busy(follow))
		return;
	follow->quiet = false;
	if (follow->tty) {
		redraw(follow);
		return;
	}
	for (i = 0; i < follow->modules.count; i++)
		if (is_of_interest(follow, &follow->modules.list[i]))
			print_news(follow, &follow->modules.list[i]);
}

static void take(void *context, enum netlink_event event,
		 const struct module *module)
{
	struct follow *follow = context;

	switch (event) {
	case NETLINK_MODULE_CHANGED:
		modules_put(&follow->modules, module);
		break;
	case NETLINK_MODULE_REMOVED:
		modules_remove(&follow->modules, module->id);
		break;
	case NETLINK_DRIVER_CAME:
		follow->driver = !netlink_find_driver(&follow->netlink);
		follow_look(follow);
		break;
	case NETLINK_DRIVER_WENT:
		netlink_forget_driver(&follow->netlink);
		modules_clear(&follow->modules);
		follow->driver = false;
		break;
	case NETLINK_EVENTS_LOST:
		follow_look(follow);
		break;
	}
	/* Each line of its own is worth printing; a terminal sees the last. */
	if (!follow->tty)
		follow_show(follow);
}

void follow_take(struct follow *follow)
{
	netlink_receive(&follow->netlink, take, follow);
	follow_show(follow);
}

const struct module *follow_module(const struct follow *follow)
{
	size_t i;

	for (i = 0; i < follow->modules.count; i++)
		if (is_of_interest(follow, &follow->modules.list[i]))
			return &follow->modules.list[i];
	return NULL;
}

static bool is_any(const struct follow *follow,
		   bool (*is)(const struct module *module))
{
	size_t i;

	for (i = 0; i < follow->modules.count; i++)
		if (is_of_interest(follow, &follow->modules.list[i]) &&
		    is(&follow->modules.list[i]))
			return true;
	return false;
}

bool follow_is_busy(const struct follow *follow)
{
	return is_any(follow, module_is_busy);
}

bool follow_is_flashing(const struct follow *follow)
{
	return is_any(follow, module_is_flashing);
}

/* Until when something has to be told, in ms; -1: nothing has to be. */
static int time_left(const struct follow *follow)
{
	const struct module *module = follow->modules.list;
	const struct module *end = module + follow->modules.count;
	uint32_t left = 0;

	if (!follow_is_busy(follow))
		return -1;
	for (; module < end; module++)
		if (module_is_busy(module) && module->timeout > left)
			left = module->timeout;
	return left < INT_MAX - LATE_MS ? (int)left + LATE_MS : INT_MAX;
}

int follow_wait(struct follow *follow)
{
	struct pollfd wait = {
		.fd = netlink_events_fd(&follow->netlink),
		.events = POLLIN,
	};
	int ready = poll(&wait, 1, time_left(follow));

	if (ready > 0)
		follow_take(follow);
	if (ready)
		return 0;
	/* It may be that it was told, and got lost. */
	follow_look(follow);
	follow_show(follow);
	return follow_is_busy(follow) ? -ETIMEDOUT : 0;
}
