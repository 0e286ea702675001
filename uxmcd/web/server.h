/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HTTP, by libmicrohttpd: a thread for each connection, since most of what a request
 * waits for is uxmcd.
 */
#ifndef UXMC_SERVER_H
#define UXMC_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "listen.h"

/**
 * struct server_tls - what https needs; both NULL: http is what there is
 * @certificate: PEM
 * @key: PEM
 */
struct server_tls {
	char *certificate;
	char *key;
};

/* Serves all sockets, in threads of its own; -errno, which has been logged. */
int server_start(const struct config *config, const struct listening *listening,
		 const struct server_tls *tls);

#endif
