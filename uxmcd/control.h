/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket, on which uxmcctl talks to uxmcd; the words are in reply.h.
 */
#ifndef UXMC_CONTROL_H
#define UXMC_CONTROL_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"
#include "reply.h"

#define CONTROL_CLIENTS	16

struct uxmcd;

struct control_client {
	int fd;		/* -1: free */
	bool waits;	/* for the end of its update */
};

struct control {
	int fd;
	char path[108];
	struct control_client clients[CONTROL_CLIENTS];
};

int control_open(struct control *control, const struct config *config);
void control_close(struct control *control);

/* The socket itself is readable. */
void control_accept(struct control *control);

/* A client's socket is readable. */
void control_serve(struct uxmcd *daemon, struct control_client *client);

/* The update has ended: tells those who wait for it. */
void control_finished(struct control *control, enum reply reply,
		      const char *word, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
