/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The User-Agent by which provisioning servers recognise a phone.
 */
#ifndef UXMC_USERAGENT_H
#define UXMC_USERAGENT_H

#include <stddef.h>

#include "config.h"

#define USERAGENT_MAX	511

/* Into @to, of at least USERAGENT_MAX + 1 bytes; -E2BIG. */
int useragent_make(const struct config *config, size_t modules, char *to,
		   size_t size);

#endif
