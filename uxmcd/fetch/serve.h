/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does what a request asks for, and says how it ended.
 */
#ifndef UXMC_SERVE_H
#define UXMC_SERVE_H

#include "fetchwire.h"
#include "wire.h"

/* Nothing of @wire has been used. -errno: nobody could be told the end. */
int serve(struct wire *wire, const struct fetchwire_request *request);

#endif
