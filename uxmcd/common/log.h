/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's log: one line per decision, to stderr or syslog.
 */
#ifndef UXMC_LOG_H
#define UXMC_LOG_H

#include <stdbool.h>
#include <syslog.h>

void log_open(bool to_syslog, bool verbose);

void log_line(int priority, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#define log_error(...)		log_line(LOG_ERR, __VA_ARGS__)
#define log_warning(...)	log_line(LOG_WARNING, __VA_ARGS__)
#define log_info(...)		log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...)		log_line(LOG_DEBUG, __VA_ARGS__)

#endif
