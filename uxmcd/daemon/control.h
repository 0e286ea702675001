/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket, on which uxmcctl talks to uxmcd; the words are in reply.h.
 */
#ifndef UXMC_CONTROL_H
#define UXMC_CONTROL_H

#include <stddef.h>

#include "config.h"
#include "loop.h"
#include "reply.h"

#define CONTROL_CLIENTS	16

struct control;

/* What a client waits for the end of. */
enum control_wait {
	CONTROL_NOTHING,
	CONTROL_UPDATE,
	CONTROL_LOOKUP,
};

/* @watch: of its socket, which it has no more if that is -1 */
struct control_client {
	struct control *control;
	struct loop_watch watch;
	enum control_wait waits;
};

/**
 * struct control_packet - a request
 * @text: may be cut up; there is a NUL after it
 * @length: of it
 * @fd: descriptor that came with it, -1 if none did; who takes it over sets it to -1
 */
struct control_packet {
	char *text;
	size_t length;
	int fd;
};

/* Serves a request. */
typedef void (*control_serve)(void *context, struct control_client *client,
			      struct control_packet *packet);

struct control {
	struct loop *loop;
	struct loop_watch watch;
	char path[108];
	struct control_client clients[CONTROL_CLIENTS];
	control_serve serve;
	void *context;
};

/* -errno */
int control_open(struct control *control, struct loop *loop,
		 const struct config *config, control_serve serve,
		 void *context);
void control_close(struct control *control);

/* One packet of an answer; a client that does not read is dropped. */
void control_answer(struct control_client *client, enum reply reply,
		    const char *word, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* A client that waits for the end of that: it waits no more. NULL: there is none. */
struct control_client *control_take_waiting(struct control *control,
					    enum control_wait wait);

#endif
