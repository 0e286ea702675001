/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verbs of the control socket: what a client may ask for; see reply.h.
 */
#ifndef UXMC_VERBS_H
#define UXMC_VERBS_H

#include "control.h"

/**
 * struct call - one request
 * @argument: what follows the verb
 * @fd: descriptor that came with it, -1 if none did; who takes it over sets it to -1
 */
struct call {
	struct uxmcd *daemon;
	struct control_client *client;
	const char *argument;
	int fd;
};

/* Serves a packet of that length, which is cut up, with a NUL after it. */
void verbs_serve(struct call *call, char *packet, size_t length);

#endif
