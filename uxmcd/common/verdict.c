// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>

#include "text.h"
#include "verdict.h"

void verdict_open(struct verdict *verdict, const char *url)
{
	verdict->result = VERDICT_RUNNING;
	verdict->error = 0;
	*verdict->sentence = '\0';
	if (url_host(url, verdict->host, sizeof(verdict->host)))
		text_copy(verdict->host, sizeof(verdict->host), "the server");
}

void verdict_note(struct verdict *verdict, enum verdict_result result, int error,
		  const char *format, ...)
{
	va_list args;

	if (verdict->result != VERDICT_RUNNING)
		return;
	verdict->result = result;
	verdict->error = error;
	va_start(args, format);
	url_format_hidden(verdict->sentence, sizeof(verdict->sentence), format, args);
	va_end(args);
}
