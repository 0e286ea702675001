/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may do what: whether a request gets what it asks for.
 */
#ifndef UXMC_GUARD_H
#define UXMC_GUARD_H

#include "request.h"

/* False: the answer says why it does not. */
bool guard_check(struct request *request, struct answer *answer);

#endif
