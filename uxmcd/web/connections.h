/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The connections that there are, and until when each may take for what is next.
 * libmicrohttpd ends those that are silent; what drips in is ended here.
 */
#ifndef UXMC_CONNECTIONS_H
#define UXMC_CONNECTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct connection;

/* @wake: an eventfd that is written to when the first connection comes, or the last goes. */
void connections_init(int wake);

/* One has come; NULL if memory is short, which ends it. */
struct connection *connection_open(int socket);

/* It has until then, in milliseconds from now, for its next step. */
void connection_allow(struct connection *connection, uint64_t milliseconds);

/* Its socket is about to be closed. NULL is none. */
void connection_close(struct connection *connection);

/* Ends those whose time is up. Are there any left? */
bool connections_watch(void);

/* For how long there has been none, in milliseconds; 0: there is one. */
uint64_t connections_idle(void);

#endif
