/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The jail of uxmcweb: what serving pages takes, and asking uxmcd and the driver.
 */
#ifndef UXMC_WEB_JAIL_H
#define UXMC_WEB_JAIL_H

#include "jail.h"

/* All but the descriptors that are kept. */
extern const struct jail web_jail;

#endif
