/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef UXMC_DEBUG_INFLIGHT_H
#define UXMC_DEBUG_INFLIGHT_H

int inflight_init(void);
void inflight_exit(void);

/* The driver's code goes away now. */
void inflight_driver_gone(void);

#endif
