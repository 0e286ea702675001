/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may do what: whether a request gets what it asks for.
 */
#ifndef UXMC_ACCESS_H
#define UXMC_ACCESS_H

#include "request.h"

/* False: the answer says why it does not. */
bool access_check(struct request *request, struct answer *answer);

#endif
