/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The jail of uxmc-fetch: what libcurl, the C library's resolver and TLS libraries
 * need to read files and to talk to servers.
 */
#ifndef UXMC_FETCH_JAIL_H
#define UXMC_FETCH_JAIL_H

#include "jail.h"

/* All but what depends on the request. */
extern const struct jail fetch_jail;

#endif
