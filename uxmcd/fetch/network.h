/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef UXMC_NETWORK_H
#define UXMC_NETWORK_H

#include <stdbool.h>

/* Is there a way out of this machine, by IPv4 or IPv6? Nothing is sent to find out. */
bool network_is_there(void);

#endif
