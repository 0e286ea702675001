// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/net.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "jail_calls.h"
#include "web_jail.h"

#define MEBIBYTE	(1024UL * 1024UL)

/* Libraries and stacks, most of which is never touched; pages */
#define MEMORY_MAX	(192 * MEBIBYTE)

/* Connections, and of each its own to uxmcd and the driver, and a file of sysfs */
#define DESCRIPTORS_MAX	256

/* A thread for each connection, for each socket, and the first */
#define THREADS_MAX	64

/*
 * Libraries are loaded as late as a name is resolved. Of the rest: modules on the bus,
 * why there is no driver, the local time.
 */
static const char * const readable[] = {
	"/etc", "/lib", "/lib32", "/lib64", "/usr", "/sys", "/var/lib/dkms",
	"/proc/keys", "/dev/null", "/dev/urandom", "/run/udev",
	NULL
};

static const char * const names[] = {
	"accept", "accept4", "rt_sigtimedwait", "rt_sigtimedwait_time64",
	"readlink", "readlinkat", "getdents",
	/* of netlink sockets: others cannot be made */
	"bind", "setsockopt",
	NULL
};

static const struct jail_rule rules[] = {
	/* uxmcd */
	{ "socket", 2, { JAIL_IS(0, AF_UNIX),
			 JAIL_MASKED(1, JAIL_SOCKET_TYPE, SOCK_SEQPACKET) } },
	/* the driver */
	{ "socket", 3, { JAIL_IS(0, AF_NETLINK),
			 JAIL_MASKED(1, JAIL_SOCKET_TYPE, SOCK_RAW),
			 JAIL_IS(2, NETLINK_GENERIC) } },
#ifdef SYS_socketcall
	/* One call for all of these: no filter sees its arguments. */
	{ "socketcall", 1, { JAIL_IS(0, SYS_SOCKET) } },
	{ "socketcall", 1, { JAIL_IS(0, SYS_SETSOCKOPT) } },
#endif
	{ 0 }
};

static const struct jail_calls calls = { .names = names, .rules = rules };

const struct jail web_jail = {
	.program = "uxmcweb",
	.readable = readable,
	.also = { "", "", "" },
	.calls = &calls,
	.descriptors = DESCRIPTORS_MAX,
	.threads = THREADS_MAX,
	.memory = MEMORY_MAX,
	.file_size = UINT64_MAX,
};
