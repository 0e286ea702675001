// SPDX-License-Identifier: GPL-2.0-or-later
#include "updatestate.h"

static const char * const names[] = {
	[UPDATE_NONE]	= "none",
	[UPDATE_WAIT]	= "wait",
	[UPDATE_COPY]	= "copy",
	[UPDATE_FETCH]	= "fetch",
	[UPDATE_PAUSE]	= "pause",
	[UPDATE_CHECK]	= "check",
	[UPDATE_FLASH]	= "flash",
	[UPDATE_DONE]	= "done",
	[UPDATE_FAILED]	= "failed",
};

const char *updatestate_name(enum update_state state)
{
	return names[state];
}

bool updatestate_step(enum update_state state, enum journal_step *step)
{
	switch (state) {
	case UPDATE_NONE:
	case UPDATE_WAIT:
	case UPDATE_CHECK:
		return false;
	case UPDATE_COPY:
		*step = JOURNAL_COPY;
		return true;
	case UPDATE_FETCH:
	case UPDATE_PAUSE:
		*step = JOURNAL_FETCH;
		return true;
	case UPDATE_FLASH:
		*step = JOURNAL_FLASH;
		return true;
	case UPDATE_DONE:
		*step = JOURNAL_DONE;
		return true;
	case UPDATE_FAILED:
		*step = JOURNAL_FAILED;
		return true;
	}
	return false;
}
