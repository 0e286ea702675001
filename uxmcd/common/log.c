// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "log.h"

static bool log_to_syslog;
static bool log_verbose;
static bool log_to_journal;

void log_open(bool to_syslog, bool verbose)
{
	log_to_syslog = to_syslog;
	log_verbose = verbose;
	log_to_journal = getenv("JOURNAL_STREAM");
	if (to_syslog)
		openlog("uxmcd", LOG_PID, LOG_DAEMON);
	setvbuf(stderr, NULL, _IOLBF, 0);
}

/* What others sent (URLs, names) must not be able to forge log lines. */
static void clean(char *line)
{
	for (; *line; line++)
		if ((unsigned char)*line < 0x20 || *line == 0x7f)
			*line = '?';
}

void log_line(int priority, const char *format, ...)
{
	char line[4096];
	va_list args;

	if (priority == LOG_DEBUG && !log_verbose)
		return;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	clean(line);

	if (log_to_syslog)
		syslog(priority, "%s", line);
	else if (log_to_journal)
		fprintf(stderr, "<%d>%s\n", priority, line);
	else
		fprintf(stderr, "%s: %s\n", program_invocation_short_name, line);
}
