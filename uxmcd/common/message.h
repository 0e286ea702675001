/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What netlink messages hold; for netlink.c and call.c.
 */
#ifndef UXMC_MESSAGE_H
#define UXMC_MESSAGE_H

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "module.h"

/* An error of libnl's as -errno. */
int message_errno(int nle);

/* -EBADMSG if the message is not about a module. */
int message_parse(struct nlmsghdr *header, struct module *module,
		  uint32_t *event);

/*
 * A string; what is too long for its field is cut off, and control characters
 * become question marks.
 */
void message_take_text(char *to, size_t size, struct nlattr *attr);

#endif
