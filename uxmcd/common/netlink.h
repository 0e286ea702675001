/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The client of the driver's generic netlink family, for daemon and tool.
 *
 * Requests go out and are answered on one socket, which waits; what the driver
 * tells by itself comes in on another one, which does not. On that one the kernel
 * also tells when the family appears and vanishes, that is, when the driver is
 * loaded and unloaded: nobody needs to ask for it again and again.
 */
#ifndef UXMC_NETLINK_H
#define UXMC_NETLINK_H

#include <stdbool.h>

#include "modules.h"

struct nl_sock;

struct netlink {
	struct nl_sock *requests;
	struct nl_sock *events;
	int family;		/* 0: the driver is not loaded */
	char refusal[256];	/* the driver's own sentence; empty if none */
};

enum netlink_event {
	NETLINK_MODULE_CHANGED,	/* or is new */
	NETLINK_MODULE_REMOVED,
	NETLINK_DRIVER_CAME,
	NETLINK_DRIVER_WENT,
	NETLINK_EVENTS_LOST,	/* ask for all modules again */
};

/* @module is NULL if the event is not about one. */
typedef void (*netlink_handler)(void *context, enum netlink_event event,
				const struct module *module);

int netlink_open(struct netlink *netlink);
/* Another socket for requests, when it is not known what is on its way. */
void netlink_reopen(struct netlink *netlink);

void netlink_close(struct netlink *netlink);

/* Finds the driver and listens to it; -ENOENT: it is not loaded. */
int netlink_find_driver(struct netlink *netlink);

/* To be called on NETLINK_DRIVER_WENT. */
void netlink_forget_driver(struct netlink *netlink);

/* Becomes readable when there are events. */
int netlink_events_fd(const struct netlink *netlink);

/* Hands all waiting events to @handler, which may make requests. */
int netlink_receive(struct netlink *netlink, netlink_handler handler,
		    void *context);

/* Replaces what is in @modules by all that there are. */
int netlink_list(struct netlink *netlink, struct modules *modules);

int netlink_get(struct netlink *netlink, uint32_t id, struct module *module);

/*
 * What changes something. -errno as the driver said it; ->refusal then has its
 * sentence, where it gave one.
 */
int netlink_request(struct netlink *netlink, uint32_t id, const char *url);
int netlink_flash(struct netlink *netlink, uint32_t id, const char *file,
		  const char *expect);
int netlink_cancel(struct netlink *netlink, uint32_t id);
int netlink_show_setting(struct netlink *netlink, uint32_t id,
			 const char *firmware_uxm);

/* @timeout: milliseconds until the next report at the latest */
int netlink_report_fetching(struct netlink *netlink, uint32_t id,
			    uint64_t done, uint64_t total, uint32_t timeout);
int netlink_report_failed(struct netlink *netlink, uint32_t id,
			  const char *message, int error);

#endif
