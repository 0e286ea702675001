/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is a page asked for by a name that is ours? A name of somebody else's may be made to
 * lead here, and then the browser takes that one's pages and ours for one site (DNS
 * rebinding). Pure.
 */
#ifndef UXMC_HOSTS_H
#define UXMC_HOSTS_H

#include "peer.h"

/*
 * @host: a Host header (RFC 9110, 7.2); NULL: there is none; @names: those that are
 * ours, with blanks or commas between them. An address is ours if the connection is to
 * it. What comes by a unix socket has been through another web server: all addresses
 * may be that one's.
 */
bool hosts_allow(const char *host, const struct peer *peer, const char *names);

#endif
