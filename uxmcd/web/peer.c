// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "peer.h"
#include "text.h"

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_storage largest;
};

/* On a socket for both, an address of IPv4 is one of IPv6 with ::ffff: before it. */
static void unmap(union address *address)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };

	if (address->any.sa_family != AF_INET6 ||
	    !IN6_IS_ADDR_V4MAPPED(&address->v6.sin6_addr))
		return;
	v4.sin_port = address->v6.sin6_port;
	memcpy(&v4.sin_addr, address->v6.sin6_addr.s6_addr + 12,
	       sizeof(v4.sin_addr));
	address->v4 = v4;
}

static int write_address(const union address *address, char *to)
{
	socklen_t size = address->any.sa_family == AF_INET ?
			 sizeof(address->v4) : sizeof(address->v6);

	return getnameinfo(&address->any, size, to, PEER_ADDRESS_SIZE, NULL, 0,
			   NI_NUMERICHOST) ? -EAFNOSUPPORT : 0;
}

/* Whoever has one address of a /64 has all of them (RFC 4291, 2.5.4). */
static int write_group(const union address *address, char *to)
{
	union address group = *address;

	if (group.any.sa_family == AF_INET6) {
		memset(group.v6.sin6_addr.s6_addr + 8, 0, 8);
		group.v6.sin6_scope_id = 0;
	}
	return write_address(&group, to);
}

static bool is_loopback(const union address *address)
{
	if (address->any.sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
	return (ntohl(address->v4.sin_addr.s_addr) >> 24) == IN_LOOPBACKNET;
}

static int look_at_addresses(struct peer *peer, union address *there,
			     union address *here)
{
	int ret;

	unmap(there);
	unmap(here);
	/* Both, as what is forwarded to loopback may be from anywhere */
	peer->is_local = is_loopback(there) && is_loopback(here);
	ret = write_address(there, peer->address);
	if (!ret)
		ret = write_group(there, peer->group);
	return ret ? ret : write_address(here, peer->here);
}

int peer_look(struct peer *peer, int socket)
{
	union address there, here;
	socklen_t there_size = sizeof(there), here_size = sizeof(here);

	memset(peer, 0, sizeof(*peer));
	text_copy(peer->group, sizeof(peer->group), "unix");
	if (getpeername(socket, &there.any, &there_size) ||
	    getsockname(socket, &here.any, &here_size))
		return -errno;
	peer->is_unix = here.any.sa_family == AF_UNIX;
	peer->is_local = peer->is_unix;
	return peer->is_unix ? 0 : look_at_addresses(peer, &there, &here);
}
