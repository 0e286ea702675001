/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sockets that pages are asked for on: systemd's, or those of web_listen.
 */
#ifndef UXMC_LISTEN_H
#define UXMC_LISTEN_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"

#define LISTEN_MAX	8

/**
 * struct listening - sockets that are listened on
 * @by_systemd: which goes on doing so when this process has gone
 */
struct listening {
	unsigned int count;
	int sockets[LISTEN_MAX];
	bool by_systemd;
};

/* How many have come from systemd: descriptors from 3 on (sd_listen_fds(3)). */
unsigned int listen_count_of_systemd(void);

/* -errno, and a sentence. */
int listen_open(struct listening *listening, const struct config *config,
		char *sentence, size_t size);

#endif
