// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "printable.h"
#include "url.h"

static bool log_to_syslog;
static bool log_verbose;
static bool log_to_journal;

/*
 * Is that the journal's stream? systemd says which one it has given (systemd.exec(5));
 * who has been started by others than systemd may have another one.
 */
static bool is_journal(int fd)
{
	const char *given = getenv("JOURNAL_STREAM");
	struct stat stat;
	char stream[64];

	if (!given || fstat(fd, &stat))
		return false;
	snprintf(stream, sizeof(stream), "%llu:%llu",
		 (unsigned long long)stat.st_dev, (unsigned long long)stat.st_ino);
	return !strcmp(stream, given);
}

void log_open(bool to_syslog, bool verbose)
{
	log_to_syslog = to_syslog;
	log_verbose = verbose;
	log_to_journal = is_journal(STDERR_FILENO);
	if (to_syslog)
		openlog(program_invocation_short_name, LOG_PID | LOG_NDELAY,
			LOG_DAEMON);
	setvbuf(stderr, NULL, _IOLBF, 0);
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
	/* What others sent (URLs, names) must not be able to forge log lines. */
	printable(line);
	url_hide_in_text(line);

	if (log_to_syslog)
		syslog(priority, "%s", line);
	else if (log_to_journal)
		fprintf(stderr, "<%d>%s\n", priority, line);
	else
		fprintf(stderr, "%s: %s\n", program_invocation_short_name, line);
}
