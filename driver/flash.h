/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _UXMC_FLASH_H
#define _UXMC_FLASH_H

struct uxmc_module;

void uxmc_flash(struct uxmc_module *module);

#endif /* _UXMC_FLASH_H */
