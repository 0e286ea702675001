// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "result.h"

enum reply result_of(const struct module *module)
{
	if (module->state != UXMC_STATE_FAILED)
		return REPLY_OK;
	return module->error == ECANCELED ? REPLY_CANCELLED : REPLY_FAILED;
}

enum reply result_worst(const struct modules *modules)
{
	enum reply worst = REPLY_OK;
	enum reply reply;
	size_t i;

	for (i = 0; i < modules->count && worst != REPLY_FAILED; i++) {
		reply = result_of(&modules->list[i]);
		if (reply != REPLY_OK)
			worst = reply;
	}
	return worst;
}
