/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef UXMC_DEBUG_DRIVER_CODE_H
#define UXMC_DEBUG_DRIVER_CODE_H

#include <linux/types.h>

int driver_code_init(void);
void driver_code_exit(void);

/* Is it a function of the driver that is loaded now? */
bool driver_code_has(const void *function);

#endif
