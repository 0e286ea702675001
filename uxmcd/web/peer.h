/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is at the other end of a connection, and where it came in.
 */
#ifndef UXMC_PEER_H
#define UXMC_PEER_H

#include <stdbool.h>

/* A literal address of IPv6, with its scope, and a NUL */
#define PEER_ADDRESS_SIZE	64

/**
 * struct peer - see above
 * @is_unix: by a unix socket, and so @address and @here are empty
 * @is_local: by that, or from this machine
 * @address: whose it is
 * @group: whom wrong passwords are counted for: of IPv6 the /64 that a network has
 * @here: our address, which it is connected to
 */
struct peer {
	bool is_unix;
	bool is_local;
	char address[PEER_ADDRESS_SIZE];
	char group[PEER_ADDRESS_SIZE];
	char here[PEER_ADDRESS_SIZE];
};

/* -errno: it cannot be told. */
int peer_look(struct peer *peer, int socket);

#endif
