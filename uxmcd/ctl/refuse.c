// SPDX-License-Identifier: GPL-2.0-or-later
#include "ask.h"
#include "ctl.h"

enum reply ctl_refuse(const struct ctl_options *options, char **args)
{
	(void)args;
	return talk(options->control, "refuse", "");
}
