/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system calls that uxmcd can do without, and that are refused from then on.
 */
#ifndef UXMC_CALLFILTER_H
#define UXMC_CALLFILTER_H

/* -errno; 0 too, with a warning, if the kernel has no such filters. */
int callfilter_set(void);

#endif
