/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The line of the log that says how an update ended, for programs: key=value, as
 * uxmcd(8) documents it. Pure.
 */
#ifndef UXMC_OUTCOMELINE_H
#define UXMC_OUTCOMELINE_H

#include <stddef.h>

#include "history.h"

#define OUTCOMELINE_SIZE	6144

/* @module: "uxmc0"; empty: it has gone. What does not fit is cut off. */
void outcomeline_make(const struct history_entry *entry, const char *module,
		      char *line, size_t size);

#endif
