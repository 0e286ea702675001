// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/net.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "fetch_jail.h"
#include "jail_calls.h"

/* Sockets of libcurl and of the resolver, pipes between threads, libraries */
#define DESCRIPTORS_MAX	48

/* The limit is on all that a user runs: a few at a time, a few threads each. */
#define THREADS_MAX	32

/*
 * Libraries are loaded as late as a name is resolved, and certificates read with
 * the first https URL. What is a link to somewhere else has its target opened.
 */
static const char * const readable[] = {
	"/etc", "/lib", "/lib32", "/lib64", "/usr",
	"/etc/hosts", "/etc/nsswitch.conf", "/etc/resolv.conf",
	"/etc/ssl/certs", "/etc/ssl/certs/ca-certificates.crt",
	"/dev/null", "/dev/urandom",
	NULL
};

static const char * const names[] = {
#ifndef __GLIBC__
	/* musl's resolver gives its socket an address of its own. */
	"bind",
#endif
	NULL
};

static const struct jail_rule rules[] = {
	/* TCP and UDP, nothing else */
	{ "socket", 3, { JAIL_IS(0, AF_INET), JAIL_MASKED(1, JAIL_SOCKET_TYPE, SOCK_STREAM),
			 JAIL_IS(2, IPPROTO_IP) } },
	{ "socket", 3, { JAIL_IS(0, AF_INET), JAIL_MASKED(1, JAIL_SOCKET_TYPE, SOCK_STREAM),
			 JAIL_IS(2, IPPROTO_TCP) } },
	{ "socket", 3, { JAIL_IS(0, AF_INET), JAIL_MASKED(1, JAIL_SOCKET_TYPE, SOCK_DGRAM),
			 JAIL_IS(2, IPPROTO_IP) } },
	{ "socket", 3, { JAIL_IS(0, AF_INET), JAIL_MASKED(1, JAIL_SOCKET_TYPE, SOCK_DGRAM),
			 JAIL_IS(2, IPPROTO_UDP) } },
	{ "socket", 3, { JAIL_IS(0, AF_INET6), JAIL_MASKED(1, JAIL_SOCKET_TYPE, SOCK_STREAM),
			 JAIL_IS(2, IPPROTO_IP) } },
	{ "socket", 3, { JAIL_IS(0, AF_INET6), JAIL_MASKED(1, JAIL_SOCKET_TYPE, SOCK_STREAM),
			 JAIL_IS(2, IPPROTO_TCP) } },
	{ "socket", 3, { JAIL_IS(0, AF_INET6), JAIL_MASKED(1, JAIL_SOCKET_TYPE, SOCK_DGRAM),
			 JAIL_IS(2, IPPROTO_IP) } },
	{ "socket", 3, { JAIL_IS(0, AF_INET6), JAIL_MASKED(1, JAIL_SOCKET_TYPE, SOCK_DGRAM),
			 JAIL_IS(2, IPPROTO_UDP) } },
	/* A pair is between threads; one of streams cannot be sent elsewhere. */
	{ "socketpair", 2, { JAIL_IS(0, AF_UNIX), JAIL_MASKED(1, JAIL_SOCKET_TYPE, SOCK_STREAM) } },
#ifdef SYS_socketcall
	/*
	 * Old architectures, i386 among them but not ARM, have one call for all of
	 * these. Its arguments are in memory, where no filter sees them.
	 */
	{ "socketcall", 1, { JAIL_IS(0, SYS_SOCKET) } },
	{ "socketcall", 1, { JAIL_IS(0, SYS_SOCKETPAIR) } },
	{ "socketcall", 1, { JAIL_IS(0, SYS_SETSOCKOPT) } },
#endif
	{ "setsockopt", 1, { JAIL_IS(1, SOL_SOCKET) } },
	{ "setsockopt", 1, { JAIL_IS(1, IPPROTO_IP) } },
	{ "setsockopt", 1, { JAIL_IS(1, IPPROTO_TCP) } },
	{ "setsockopt", 1, { JAIL_IS(1, IPPROTO_IPV6) } },
	{ 0 }
};

static const struct jail_calls calls = { .names = names, .rules = rules };

const struct jail fetch_jail = {
	.program = "uxmc-fetch",
	.readable = readable,
	.also = { "", "", "" },
	.calls = &calls,
	.kept = 3,
	.descriptors = DESCRIPTORS_MAX,
	.threads = THREADS_MAX,
};
