/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Filters of system calls (seccomp(2)), which a kernel may be built without.
 */
#ifndef UXMC_FILTERS_H
#define UXMC_FILTERS_H

#include <stdbool.h>

bool filters_are_there(void);

#endif
