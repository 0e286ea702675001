// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Preloaded into fwupdtool: lets the kernel choose the address of its netlink
 * socket. fwupdtool asks for its process id, which Debian 12's libusb has for a
 * socket of its own by then; without its socket it finds no device to update.
 */
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
	struct sockaddr_nl netlink;

	if (address->sa_family == AF_NETLINK && length == sizeof(netlink)) {
		netlink = *(const struct sockaddr_nl *)address;
		netlink.nl_pid = 0;
		address = (const struct sockaddr *)&netlink;
	}
	return (int)syscall(SYS_bind, fd, address, length);
}
