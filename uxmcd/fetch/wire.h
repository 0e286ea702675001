/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uxmc-fetch's end of the socket: says to uxmcd what came.
 *
 * Sending waits for uxmcd, but not for ever. Once something could not be sent
 * nothing more is.
 */
#ifndef UXMC_WIRE_H
#define UXMC_WIRE_H

#include "answer.h"
#include "fetchwire.h"
#include "provision.h"
#include "verdict.h"

/**
 * struct wire - see above
 * @socket: to uxmcd
 * @error: -errno of what could not be sent; 0
 * @held: bytes in @data that have not been sent yet
 * @data: is sent when it is full, and by wire_flush()
 */
struct wire {
	int socket;
	int error;
	size_t held;
	struct fetchwire_data data;
};

/* Sending and receiving fail with EAGAIN after a while. -errno */
int wire_open(struct wire *wire, int socket);

/* Waits for the request; how many bytes of it came, 0: it was closed, -errno. */
long wire_receive(const struct wire *wire, void *to, size_t size);

/* Each gives @error. */
int wire_asked(struct wire *wire);
int wire_headers(struct wire *wire, const struct fetchwire_headers *headers);
int wire_data(struct wire *wire, const char *data, size_t count);
int wire_flush(struct wire *wire);
int wire_provision(struct wire *wire, const struct provision *provision);
int wire_end(struct wire *wire, const struct verdict *verdict,
	     uint64_t retry_after, bool overloaded);

/* The headers as they are sent. */
void wire_make_headers(struct fetchwire_headers *headers,
		       const struct answer *answer);

#endif
