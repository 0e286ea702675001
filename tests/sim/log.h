/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log of events, one a line, that tests read. */
#ifndef SIM_LOG_H
#define SIM_LOG_H

#include <stdbool.h>

/**
 * log_open - choose where the log goes
 * @path: a file, to which lines are appended, or "-" for standard error
 *
 * Return: 0, or a negative errno.
 */
int log_open(const char *path);

/* Whether log_detail() says anything. */
void log_set_verbose(bool verbose);

void log_event(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_detail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
