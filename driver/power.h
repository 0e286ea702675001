/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _UXMC_POWER_H
#define _UXMC_POWER_H

#include <linux/types.h>

int uxmc_power_init(void);
void uxmc_power_exit(void);
bool uxmc_power_begin_flash(void);
void uxmc_power_end_flash(void);

#endif /* _UXMC_POWER_H */
