/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that uxmcd does not hold while it waits for hours: phones have little.
 */
#ifndef UXMC_MEMORY_H
#define UXMC_MEMORY_H

/* Before there are threads, which libcurl has look names up. */
void memory_open(void);

/* After work that will not be done again soon. */
void memory_give_back(void);

#endif
