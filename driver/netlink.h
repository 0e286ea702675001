/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _UXMC_NETLINK_H
#define _UXMC_NETLINK_H

#include "uapi/uxmc.h"

struct uxmc_device;

int uxmc_netlink_init(void);
void uxmc_netlink_exit(void);
void uxmc_netlink_notify(struct uxmc_device *uxmc,
			 enum uxmc_module_event event);

#endif /* _UXMC_NETLINK_H */
