/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _UXMC_PAST_H
#define _UXMC_PAST_H

struct uxmc_device;

void uxmc_past_remember(struct uxmc_device *uxmc);
void uxmc_past_recall(struct uxmc_device *uxmc);
void uxmc_past_exit(void);

#endif /* _UXMC_PAST_H */
