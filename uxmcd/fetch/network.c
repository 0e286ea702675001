// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "network.h"

/* A socket for datagrams is connected by finding the way there alone. */
static bool has_way(int family, const struct sockaddr *address, socklen_t size)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool there;

	if (fd < 0)
		return false;
	there = !connect(fd, address, size);
	close(fd);
	return there;
}

/* To addresses that are for documentation alone (RFC 5737, RFC 3849) */
bool network_is_there(void)
{
	struct sockaddr_in old = {
		.sin_family = AF_INET, .sin_port = htons(53),
	};
	struct sockaddr_in6 new = {
		.sin6_family = AF_INET6, .sin6_port = htons(53),
	};

	inet_pton(AF_INET, "192.0.2.1", &old.sin_addr);
	inet_pton(AF_INET6, "2001:db8::1", &new.sin6_addr);
	return has_way(AF_INET, (struct sockaddr *)&old, sizeof(old)) ||
	       has_way(AF_INET6, (struct sockaddr *)&new, sizeof(new));
}
