/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HTTP, by libmicrohttpd: a thread for each connection, since most of what a request
 * waits for is uxmcd.
 */
#ifndef UXMC_SERVER_H
#define UXMC_SERVER_H

#include "config.h"
#include "listen.h"
#include "tls.h"

/* Serves all sockets, in threads of its own; -errno, which has been logged. */
int server_start(const struct config *config, const struct listening *listening,
		 const struct tls *tls);

#endif
