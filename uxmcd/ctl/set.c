// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "ask.h"
#include "ctl.h"

enum reply ctl_clear(const struct ctl_options *options, char **args)
{
	return talk(options->control, "clear", args[0]);
}

enum reply ctl_set(const struct ctl_options *options, char **args)
{
	char argument[REPLY_PACKET_MAX];
	int length;

	length = snprintf(argument, sizeof(argument), "%s %s", args[0],
			  args[1]);
	if (length < 0 || (size_t)length >= sizeof(argument)) {
		ctl_say("that value is too long");
		return REPLY_REFUSED;
	}
	return talk(options->control, "set", argument);
}
