// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "log.h"

static FILE *file;
static bool verbose;

int log_open(const char *path)
{
	if (!strcmp(path, "-")) {
		file = stderr;
		return 0;
	}

	file = fopen(path, "ae");
	if (!file)
		return -errno;

	return setvbuf(file, NULL, _IOLBF, BUFSIZ) ? -ENOMEM : 0;
}

void log_set_verbose(bool on)
{
	verbose = on;
}

/* A log that cannot be written is no reason for a module to stop. */
static void write_line(const char *fmt, va_list args)
{
	if (!file)
		return;

	(void)vfprintf(file, fmt, args);
	(void)fputc('\n', file);
}

void log_event(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	write_line(fmt, args);
	va_end(args);
}

void log_detail(const char *fmt, ...)
{
	va_list args;

	if (!verbose)
		return;

	va_start(args, fmt);
	write_line(fmt, args);
	va_end(args);
}
