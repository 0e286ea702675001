/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _UXMC_POWER_H
#define _UXMC_POWER_H

int uxmc_power_init(void);
void uxmc_power_exit(void);
void uxmc_power_stay_awake(void);
void uxmc_power_relax(void);
void uxmc_power_begin_read(void);
void uxmc_power_end_read(void);

#endif /* _UXMC_POWER_H */
