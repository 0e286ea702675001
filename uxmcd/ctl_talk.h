/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uxmcctl's end of the control socket.
 */
#ifndef UXMC_CTL_TALK_H
#define UXMC_CTL_TALK_H

#include "reply.h"

struct ctl_answer {
	enum reply reply;
	char word[32];
	char text[REPLY_PACKET_MAX];
};

/* The socket, or -errno: -ENOENT, -ECONNREFUSED: nobody is there; -EACCES. */
int ctl_talk_open(const char *path);

/* The same, but says what is wrong; -REPLY_... then. */
int ctl_talk_open_or_say(const char *path);

/* Sends a request, with a descriptor if @fd is not -1. */
int ctl_talk_send(int socket, const char *verb, const char *argument, int fd);

/* Waits for an answer. -EPIPE: uxmcd has gone. */
int ctl_talk_receive(int socket, struct ctl_answer *answer);

/* Asks, and prints a value, or says what is wrong. */
enum reply ctl_talk(const char *path, const char *verb, const char *argument);

#endif
