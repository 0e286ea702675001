// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "hosts.h"
#include "text.h"

#define NAME_SIZE	256

/* An address of either kind, in 16 bytes */
struct address {
	unsigned char bytes[sizeof(struct in6_addr)];
};

/* Without the port, and the dot that a full name may end in; -E2BIG */
static int take_name(const char *host, size_t length, char *name)
{
	const char *colon = memrchr(host, ':', length);
	const char *bracket = memrchr(host, ']', length);

	if (colon && colon > bracket)
		length = (size_t)(colon - host);
	if (length && host[length - 1] == '.')
		length--;
	if (length >= NAME_SIZE)
		return -1;
	memcpy(name, host, length);
	name[length] = '\0';
	return 0;
}

static bool parse_address(const char *text, struct address *address)
{
	char plain[PEER_ADDRESS_SIZE];

	memset(address, 0, sizeof(*address));
	if (*text == '[')
		text++;
	if (text_copy(plain, sizeof(plain), text))
		return false;
	/* A scope is of this machine alone. */
	plain[strcspn(plain, "%]")] = '\0';
	return inet_pton(AF_INET6, plain, address->bytes) == 1 ||
	       inet_pton(AF_INET, plain, address->bytes + 12) == 1;
}

static bool is_ours(const struct address *address, const struct peer *peer)
{
	struct address here;

	return peer->is_unix ||
	       (parse_address(peer->here, &here) &&
		!memcmp(&here, address, sizeof(here)));
}

static bool is_among(const char *name, const char *names)
{
	char one[NAME_SIZE];
	size_t length;

	while (*names) {
		names += strspn(names, " ,");
		length = strcspn(names, " ,");
		if (length && !take_name(names, length, one) &&
		    !strcasecmp(name, one))
			return true;
		names += length;
	}
	return false;
}

bool hosts_allow(const char *host, const struct peer *peer, const char *names)
{
	struct address address;
	char name[NAME_SIZE];

	if (!host || take_name(host, strlen(host), name) || !*name)
		return false;
	if (parse_address(name, &address) && is_ours(&address, peer))
		return true;
	if (peer->is_local && !strcasecmp(name, "localhost"))
		return true;
	return is_among(name, names);
}
