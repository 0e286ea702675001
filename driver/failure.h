/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _UXMC_FAILURE_H
#define _UXMC_FAILURE_H

struct uxmc_device;

void uxmc_failure_remember(struct uxmc_device *uxmc);
void uxmc_failure_recall(struct uxmc_device *uxmc);
void uxmc_failure_exit(void);

#endif /* _UXMC_FAILURE_H */
