// SPDX-License-Identifier: GPL-2.0-or-later
#include "module_words.h"
#include "text.h"

static const enum word states[] = {
	[UXMC_STATE_IDLE]		= WORD_IDLE,
	[UXMC_STATE_REQUESTED]		= WORD_REQUESTED,
	[UXMC_STATE_FETCHING]		= WORD_FETCHING,
	[UXMC_STATE_VERIFYING]		= WORD_VERIFYING,
	[UXMC_STATE_DETACHING]		= WORD_DETACHING,
	[UXMC_STATE_DOWNLOADING]	= WORD_DOWNLOADING,
	[UXMC_STATE_MANIFESTING]	= WORD_MANIFESTING,
	[UXMC_STATE_REBOOTING]		= WORD_REBOOTING,
	[UXMC_STATE_DONE]		= WORD_DONE,
	[UXMC_STATE_FAILED]		= WORD_FAILED,
};

enum word state_word(enum uxmc_state state)
{
	return (size_t)state < ARRAY_SIZE(states) ? states[state] : WORD_UNKNOWN;
}

enum word mode_word(enum uxmc_mode mode)
{
	return mode == UXMC_MODE_DFU ? WORD_MODE_DFU : WORD_MODE_APPLICATION;
}

bool is_cancellable(const struct module *module)
{
	return module->state >= UXMC_STATE_REQUESTED &&
	       module->state < UXMC_STATE_DETACHING;
}
