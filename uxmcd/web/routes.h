/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pages that there are.
 */
#ifndef UXMC_ROUTES_H
#define UXMC_ROUTES_H

#include "request.h"

/* NULL: there is no such page. */
const struct route *route_find(const char *path);

#endif
