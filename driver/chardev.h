/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _UXMC_CHARDEV_H
#define _UXMC_CHARDEV_H

struct uxmc_device;

#define UXMC_MODULES_MAX	64

int uxmc_chardev_init_region(void);
void uxmc_chardev_exit_region(void);
void uxmc_chardev_init(struct uxmc_device *uxmc);
int uxmc_chardev_add(struct uxmc_device *uxmc);
void uxmc_chardev_del(struct uxmc_device *uxmc);
void uxmc_chardev_event(struct uxmc_device *uxmc);

#endif /* _UXMC_CHARDEV_H */
