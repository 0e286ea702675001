/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _UXMC_FIRMWARE_PATH_H
#define _UXMC_FIRMWARE_PATH_H

const char *uxmc_firmware_path_check(const char *name);

#endif /* _UXMC_FIRMWARE_PATH_H */
