// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "url.h"

int failure_note(struct failure *failure, int error, const char *format, ...)
{
	va_list args;

	failure->error = abs(error);
	va_start(args, format);
	url_format_hidden(failure->message, sizeof(failure->message), format, args);
	va_end(args);
	return -failure->error;
}

int failure_no_module(struct failure *failure)
{
	return failure_note(failure, ENODEV, "the module was unplugged");
}

int failure_no_journal(struct failure *failure, int error)
{
	return failure_note(failure, error, "the journal cannot be written: %s",
			    strerror(abs(error)));
}

int failure_abandoned(struct failure *failure)
{
	return failure_note(failure, FAILURE_ABANDONED,
			    "another update has taken its place");
}

bool failure_was_wanted(const struct failure *failure)
{
	return failure->error == ECANCELED ||
	       failure->error == FAILURE_ABANDONED;
}
