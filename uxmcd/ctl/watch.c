// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "follow.h"
#include "result.h"

/* An update ends with its module too, if that is pulled out. */
static enum reply watch_once(struct follow *follow, bool was_busy)
{
	if (!follow->driver)
		return REPLY_NO_DRIVER;
	if (!follow->modules.count)
		return was_busy ? REPLY_FAILED : REPLY_NO_MODULE;
	return result_worst(&follow->modules);
}

static enum reply watch(const struct ctl_options *options,
			struct follow *follow)
{
	bool busy = follow_is_busy(follow), was_busy = busy;

	if (!follow->modules.count && !options->once)
		ctl_say_no_module();
	follow_show(follow);
	while (!options->once || busy) {
		if (follow_wait(follow) == -ETIMEDOUT && options->once)
			return ctl_say_overdue();
		busy = follow_is_busy(follow);
	}
	return watch_once(follow, was_busy);
}

enum reply ctl_watch(const struct ctl_options *options, char **args)
{
	struct follow follow;
	enum reply reply;

	(void)args;
	reply = follow_open(&follow);
	if (reply == REPLY_OK) {
		reply = watch(options, &follow);
		if (reply == REPLY_NO_MODULE)
			ctl_say_no_module();
	}
	follow_close(&follow);
	return reply;
}
