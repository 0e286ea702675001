/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _UXMC_SYSFS_H
#define _UXMC_SYSFS_H

#include <linux/sysfs.h>

struct uxmc_device;

extern const struct attribute_group *uxmc_sysfs_groups[];

void uxmc_sysfs_uevent(struct uxmc_device *uxmc, char *variable);

#endif /* _UXMC_SYSFS_H */
