// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "talk.h"
#include "text.h"
#include "url.h"
#include "view.h"

/* How long uxmcd may take to say whether an update waits, s */
#define PATIENCE	2

/* An uxmcd that does not answer, or not so, has nothing waiting. */
static int ask_for_waiting(int socket, struct view *view)
{
	const char *fields[2];
	int ret;

	ret = talk_send(socket, "waiting", "");
	if (!ret)
		ret = talk_receive(socket, &view->answer);
	if (ret || strcmp(view->answer.word, "waiting") ||
	    reply_fields(view->answer.text, fields, ARRAY_SIZE(fields)))
		return ret;
	view->waiting = fields[0];
	view->url = fields[1];
	return 0;
}

static void look_at_daemon(const char *control, struct view *view)
{
	int fd = talk_open(control, PATIENCE), ret = fd;

	view->daemon = fd != -ENOENT && fd != -ECONNREFUSED;
	if (fd >= 0) {
		ret = ask_for_waiting(fd, view);
		close(fd);
	}
	view->silent = ret == -ETIMEDOUT;
}

static void hide(char *url, size_t size)
{
	char shown[URL_MAX + 1];

	url_show(url, shown, sizeof(shown));
	text_copy(url, size, shown);
}

/* The driver tells passwords to administrators, but nobody asked for them. */
static void hide_passwords(struct modules *modules)
{
	struct module *module = modules->list;

	for (; module < modules->list + modules->count; module++) {
		hide(module->url, sizeof(module->url));
		hide(module->firmware_uxm, sizeof(module->firmware_uxm));
	}
}

static int look_at_driver(struct view *view)
{
	struct netlink netlink;
	int ret;

	ret = netlink_open(&netlink);
	if (ret)
		return ret;
	ret = netlink_find_driver(&netlink);
	view->loaded = !ret;
	if (!ret)
		ret = netlink_list(&netlink, &view->modules);
	hide_passwords(&view->modules);
	netlink_close(&netlink);
	if (view->loaded)
		return ret;
	ctl_driver_look_here(&view->driver);
	return 0;
}

/* The bus first: what the driver has bound meanwhile shows in its own list. */
int view_look(struct view *view, const char *control)
{
	size_t i;
	int ret;

	memset(view, 0, sizeof(*view));
	look_at_daemon(control, view);
	bus_look(&view->bus);
	ret = look_at_driver(view);
	for (i = 0; i < view->modules.count; i++)
		bus_forget(&view->bus, view->modules.list[i].port);
	return ret;
}

void view_clear(struct view *view)
{
	modules_clear(&view->modules);
	bus_clear(&view->bus);
}

void view_name(const struct module *module, char *name)
{
	text_format(name, VIEW_NAME_SIZE, "uxmc%u", module->id);
}
