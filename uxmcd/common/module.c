// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "module.h"
#include "text.h"

static const char * const state_names[] = {
	[UXMC_STATE_IDLE]		= "idle",
	[UXMC_STATE_REQUESTED]		= "requested",
	[UXMC_STATE_FETCHING]		= "fetching",
	[UXMC_STATE_VERIFYING]		= "verifying",
	[UXMC_STATE_DETACHING]		= "detaching",
	[UXMC_STATE_DOWNLOADING]	= "downloading",
	[UXMC_STATE_MANIFESTING]	= "manifesting",
	[UXMC_STATE_REBOOTING]		= "rebooting",
	[UXMC_STATE_DONE]		= "done",
	[UXMC_STATE_FAILED]		= "failed",
};

const char *module_state_name(enum uxmc_state state)
{
	return (size_t)state < ARRAY_SIZE(state_names) ? state_names[state] :
							 "unknown";
}

const char *module_mode_name(enum uxmc_mode mode)
{
	return mode == UXMC_MODE_DFU ? "dfu" : "application";
}

bool module_is_busy(const struct module *module)
{
	return module->state >= UXMC_STATE_REQUESTED &&
	       module->state <= UXMC_STATE_REBOOTING;
}

bool module_is_flashing(const struct module *module)
{
	return module->state >= UXMC_STATE_VERIFYING &&
	       module->state <= UXMC_STATE_REBOOTING;
}

bool module_is_at(const struct module *module, const char *port,
		  const char *serial)
{
	if (strcmp(module->port, port))
		return false;
	return !*module->serial || !*serial || !strcmp(module->serial, serial);
}
