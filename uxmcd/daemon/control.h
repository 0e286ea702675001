/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket, on which uxmcctl talks to uxmcd; the words are in reply.h.
 */
#ifndef UXMC_CONTROL_H
#define UXMC_CONTROL_H

#include <stddef.h>

#include "config.h"
#include "reply.h"

#define CONTROL_CLIENTS	16

struct uxmcd;

/* What a client waits for the end of. */
enum control_wait {
	CONTROL_NOTHING,
	CONTROL_UPDATE,
	CONTROL_LOOK,
};

struct control_client {
	int fd;		/* -1: free */
	enum control_wait waits;
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

/* One packet of an answer; a client that does not read is dropped. */
void control_answer(struct control_client *client, enum reply reply,
		    const char *word, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The update has ended: tells those who wait for it. */
void control_finished(struct control *control, enum reply reply,
		      const char *word, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* A look has ended: tells those who wait for it what was looked at. */
void control_explain(struct uxmcd *daemon);

#endif
