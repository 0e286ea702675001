// SPDX-License-Identifier: GPL-2.0-or-later
/* uxmcd's log, with the seconds since the beginning. Most of the time nobody reads it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "log.h"
#include "world.h"

void log_line(int priority, const char *format, ...)
{
	static int verbose = -1;
	va_list args;

	(void)priority;
	if (verbose < 0)
		verbose = !!getenv("VERBOSE");
	if (!verbose)
		return;
	fprintf(stderr, "%llu ", (unsigned long long)clock_wall() / 1000);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}
