/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The clients' end of the control socket.
 */
#ifndef UXMC_TALK_H
#define UXMC_TALK_H

#include <stdint.h>

#include "reply_parse.h"

/* How long uxmcd may take to answer, s: it may be writing to a slow disk. */
#define TALK_PATIENCE	20

/*
 * The socket, or -errno: -ENOENT, -ECONNREFUSED: nobody is there; -EACCES;
 * -ETIMEDOUT. Nothing that is done with it takes longer than @patience, in seconds,
 * but ends with -ETIMEDOUT.
 */
int talk_open(const char *path, int patience);

/* Sends a request. */
int talk_send(int socket, const char *verb, const char *argument);

/*
 * Sends the bytes of a file, until there is an answer to be had: then there is no
 * use for the rest. -ENODATA: there are less than @size.
 */
int talk_send_file(int socket, int file, uint64_t size);

/*
 * Sends some bytes of a file. -ECANCELED: there is an answer to be had, so there is no
 * use for the rest.
 */
int talk_send_bytes(int socket, const char *data, size_t count);

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

/**
 * struct ctl_question - what uxmcd is to be asked
 * @argument: may be empty
 * @slow: the answer is not due at once
 * @take: takes one packet of an answer that has several, but for the last;
 *	a negative errno ends it all. NULL: the answer has one packet.
 * @end: takes the last one. NULL: whoever asks does something else with it.
 */
struct ctl_question {
	const char *verb;
	const char *argument;
	bool slow;
	int (*take)(void *context, struct ctl_answer *answer);
	void (*end)(void *context, const struct ctl_answer *answer);
	void *context;
};

/*
 * Asks on a socket of talk_open(), and waits for the whole answer, of which the last
 * packet is left in @answer.
 */
int talk_question(int socket, const struct ctl_question *question,
		  struct ctl_answer *answer);

#endif
