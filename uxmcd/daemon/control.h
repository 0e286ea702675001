/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket, on which uxmcctl talks to uxmcd; the words are in reply.h.
 */
#ifndef UXMC_CONTROL_H
#define UXMC_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "account.h"
#include "config.h"
#include "loop.h"
#include "reply.h"

/* As many at once, and of one user */
#define CONTROL_CLIENTS		24
#define CONTROL_CLIENTS_OF_USER	8

/* How long one may be connected without anything being asked, in milliseconds */
#define CONTROL_IDLE		10000U

struct control;

/* What a client waits for the end of. */
enum control_wait {
	CONTROL_NOTHING,
	CONTROL_UPDATE,
	CONTROL_LOOKUP,
};

/**
 * struct control_client - one that is connected, or a place for one
 * @watch: of its socket, which it has no more if that is -1
 * @user: whose it is
 * @idle: runs while it waits for nothing
 * @waits: for the end of that
 * @owed: bytes of a file that are to come from it
 */
struct control_client {
	struct control *control;
	struct loop_watch watch;
	uid_t user;
	struct loop_timer idle;
	enum control_wait waits;
	uint64_t owed;
};

/**
 * struct control_ops - what clients say
 * @serve: a request; @text may be cut up, and there is a NUL after it
 * @take: bytes of the file for the update whose end the client waits for
 * @lost: no more of them come
 */
struct control_ops {
	void (*serve)(void *context, struct control_client *client, char *text,
		      size_t length);
	void (*take)(void *context, const char *data, size_t count);
	void (*lost)(void *context);
};

/**
 * struct control - the socket, and who is connected to it
 * @listening: there is a place for one more
 * @rest: until it is listened to again when the system could not take one more
 * @has_web: there is a user that serves the web pages, @web
 */
struct control {
	struct loop *loop;
	struct loop_watch watch;
	bool listening;
	struct loop_timer rest;
	char path[108];
	bool has_web;
	struct account web;
	struct control_client clients[CONTROL_CLIENTS];
	const struct control_ops *ops;
	void *context;
};

/* -errno */
int control_open(struct control *control, struct loop *loop,
		 const struct config *config, const struct control_ops *ops,
		 void *context);
void control_close(struct control *control);

/* Is it who serves the web pages? */
bool control_is_web(const struct control_client *client);

/* One packet of an answer; a client that does not read is dropped. */
void control_answer(struct control_client *client, enum reply reply,
		    const char *word, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* So many bytes of a file are to come from a client, which waits for the update. */
void control_expect(struct control_client *client, uint64_t count);

/* A client that waits for the end of that: it waits no more. NULL: there is none. */
struct control_client *control_take_waiting(struct control *control,
					    enum control_wait wait);

#endif
