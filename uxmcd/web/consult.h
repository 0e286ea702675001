/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a request asks uxmcd. A few may do so at a time, since uxmcd gives each user
 * a few places only; the others wait for them.
 */
#ifndef UXMC_CONSULT_H
#define UXMC_CONSULT_H

#include "talk.h"

/**
 * struct consult - see above
 * @socket: of talk_open(); -errno if there is none
 * @open: it was tried, and one of the places is taken
 */
struct consult {
	int socket;
	bool open;
};

/* Once, before all that follows; -errno. */
int consult_init(void);

/* Takes a place, and connects to the socket at @path, once. -errno as talk_open(). */
int consult_open(struct consult *consult, const char *path);

/* The same for what is due less quickly: a file is written as it comes. */
int consult_open_patiently(struct consult *consult, const char *path);

/* Gives both back; nothing if there is nothing. */
void consult_close(struct consult *consult);

/* Asks, and waits for an answer of one packet; -errno. */
int consult(struct consult *consult, const char *verb, const char *argument,
	    struct ctl_answer *answer);

/*
 * Asks, and takes the first packet of the answer if it comes within a moment; else
 * @answer stays as it is. -errno.
 */
int consult_briefly(struct consult *consult, const char *verb,
		    struct ctl_answer *answer);

/* Asks, and waits for an answer of several; -errno. */
int consult_all(struct consult *consult, const struct ctl_question *question,
		struct ctl_answer *answer);

#endif
