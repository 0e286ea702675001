// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <unistd.h>

#include "ask.h"
#include "ctl.h"

/* Without uxmcd, as root: the driver can do it alone. */
static enum reply cancel_at_driver(struct netlink *netlink)
{
	struct modules modules = { 0 };
	int ret = -ENOENT;
	size_t i;

	netlink_list(netlink, &modules);
	for (i = 0; i < modules.count; i++)
		if (module_is_busy(&modules.list[i]))
			ret = netlink_cancel(netlink, modules.list[i].id);
	modules_clear(&modules);

	switch (ret) {
	case 0:
		return REPLY_OK;
	case -EPERM:
	case -EACCES:
		ctl_say("no permission: be root, or start uxmcd");
		return REPLY_NO_PERMISSION;
	case -EBUSY:
		ctl_say("too late to cancel: the module is being flashed");
		return REPLY_TOO_LATE;
	}
	ctl_say("there is no update to cancel");
	return REPLY_FAILED;
}

enum reply ctl_cancel(const struct ctl_options *options, char **args)
{
	struct netlink netlink;
	enum reply reply;
	int fd;

	(void)args;
	fd = talk_open(options->control, TALK_PATIENCE);
	if (fd >= 0)
		close(fd);
	if (fd != -ENOENT && fd != -ECONNREFUSED)
		return talk(options->control, "cancel", "");

	reply = ctl_open_driver(&netlink);
	if (reply == REPLY_OK)
		reply = cancel_at_driver(&netlink);
	netlink_close(&netlink);
	return reply;
}
