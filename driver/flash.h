/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _UXMC_FLASH_H
#define _UXMC_FLASH_H

struct uxmc_device;

void uxmc_flash(struct uxmc_device *uxmc);

#endif /* _UXMC_FLASH_H */
