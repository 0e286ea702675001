/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uxmcctl's end of the control socket.
 */
#ifndef UXMC_TALK_H
#define UXMC_TALK_H

#include "reply_parse.h"

/* How long uxmcd may take to answer, s: it may be writing to a slow disk. */
#define TALK_PATIENCE	20

/*
 * The socket, or -errno: -ENOENT, -ECONNREFUSED: nobody is there; -EACCES;
 * -ETIMEDOUT. Nothing that is done with it takes longer than @patience, in seconds,
 * but ends with -ETIMEDOUT.
 */
int talk_open(const char *path, int patience);

/* The same, but says what is wrong; -REPLY_... then. */
int talk_open_or_say(const char *path);

/* Sends a request. */
int talk_send(int socket, const char *verb, const char *argument);

/*
 * Sends the bytes of a file, until there is an answer to be had: then there is no
 * use for the rest. -ENODATA: there are less than @size.
 */
int talk_send_file(int socket, int file, uint64_t size);

/*
 * Waits for an answer that is due at once. -EPIPE: uxmcd has gone; -EBADMSG: it
 * makes no sense; -ETIMEDOUT.
 */
int talk_receive(int socket, struct ctl_answer *answer);

/* What else there is to take while an answer takes its time. */
struct talk_besides {
	int fd;
	void (*take)(void *context);
	void *context;
};

/*
 * Waits for an answer for as long as uxmcd is alive, which it is asked now and then.
 * -ETIMEDOUT: it is not. @besides may be NULL.
 */
int talk_await(int socket, struct ctl_answer *answer,
	       const struct talk_besides *besides);

/* Says why there was no answer to be had; @error is a negative errno. */
enum reply talk_say(int error);

/**
 * struct ctl_question - what uxmcd is to be asked
 * @argument: may be empty
 * @slow: the answer is not due at once
 * @take: takes one packet of an answer that has several, but for the last;
 *	a negative errno ends it all. NULL: the answer has one packet.
 * @end: takes the last one. NULL: a value is printed, and a refusal is said.
 */
struct ctl_question {
	const char *verb;
	const char *argument;
	bool slow;
	int (*take)(void *context, struct ctl_answer *answer);
	void (*end)(void *context, const struct ctl_answer *answer);
	void *context;
};

/* What the (last) answer is; if there is none, it has been said why. */
enum reply talk_ask(const char *path, const struct ctl_question *question);

/* The same, of what has one packet for an answer. */
enum reply talk(const char *path, const char *verb, const char *argument);

#endif
