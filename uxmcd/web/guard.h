/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may do what: whether a request gets what it asks for.
 */
#ifndef UXMC_GUARD_H
#define UXMC_GUARD_H

#include "request.h"

/* Does it come in by a name that is ours, for a page that there is? */
bool guard_address(struct request *request, struct answer *answer);

/* May who asks see the page, and change something if it does? */
bool guard_visitor(struct request *request, struct answer *answer);

/* What has to be in a form that is sent; NULL: nothing has to. */
const char *guard_wanted_token(const struct request *request);

/* All three, of a request whose body is a form or nothing. False: the answer says why. */
bool guard_check(struct request *request, struct answer *answer);

#endif
