/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef UXMC_DEBUG_CODE_H
#define UXMC_DEBUG_CODE_H

#include <linux/types.h>

int code_init(void);
void code_exit(void);

/* Is it in the driver that is loaded now? */
bool code_is_drivers(const void *address);

/* Is it in vhci-hcd, if that was loaded after this? */
bool code_is_vhcis(const void *address);

#endif
