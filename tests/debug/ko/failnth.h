/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef UXMC_DEBUG_FAILNTH_H
#define UXMC_DEBUG_FAILNTH_H

int failnth_init(void);
void failnth_exit(void);

#endif
