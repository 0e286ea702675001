// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "message.h"
#include "netlink.h"

#define EVENT_BUFFER	(256 * 1024)

/* Listens to a multicast group of a family. */
static int join(struct netlink *netlink, const char *family, const char *group)
{
	int id;

	id = genl_ctrl_resolve_grp(netlink->requests, family, group);
	if (id < 0)
		return message_errno(id);
	return message_errno(nl_socket_add_membership(netlink->events, id));
}

static int open_requests(struct netlink *netlink)
{
	int on = 1;

	netlink->requests = nl_socket_alloc();
	if (!netlink->requests)
		return -ENOMEM;
	if (genl_connect(netlink->requests) < 0)
		return -EPROTONOSUPPORT;
	/* Kernels without it refuse just as well, but without a sentence. */
	setsockopt(nl_socket_get_fd(netlink->requests), SOL_NETLINK,
		   NETLINK_EXT_ACK, &on, sizeof(on));
	return 0;
}

void netlink_reopen(struct netlink *netlink)
{
	struct nl_sock *before = netlink->requests;

	if (open_requests(netlink)) {
		nl_socket_free(netlink->requests);
		netlink->requests = before;
		return;
	}
	nl_socket_free(before);
}

static int open_events(struct netlink *netlink)
{
	netlink->events = nl_socket_alloc();
	if (!netlink->events)
		return -ENOMEM;
	nl_socket_disable_seq_check(netlink->events);
	if (genl_connect(netlink->events) < 0 ||
	    nl_socket_set_nonblocking(netlink->events) < 0)
		return -EPROTONOSUPPORT;
	nl_socket_set_buffer_size(netlink->events, EVENT_BUFFER, 0);
	return join(netlink, "nlctrl", "notify");
}

int netlink_open(struct netlink *netlink)
{
	int ret;

	memset(netlink, 0, sizeof(*netlink));
	ret = open_requests(netlink);
	if (!ret)
		ret = open_events(netlink);
	if (ret)
		netlink_close(netlink);
	return ret;
}

void netlink_close(struct netlink *netlink)
{
	if (netlink->events)
		nl_socket_free(netlink->events);
	if (netlink->requests)
		nl_socket_free(netlink->requests);
	memset(netlink, 0, sizeof(*netlink));
}

int netlink_find_driver(struct netlink *netlink)
{
	int family, ret;

	family = genl_ctrl_resolve(netlink->requests, UXMC_GENL_NAME);
	if (family < 0)
		return message_errno(family);
	ret = join(netlink, UXMC_GENL_NAME, UXMC_GENL_GROUP);
	if (ret)
		return ret;
	netlink->family = family;
	return 0;
}

/* The kernel has ended the membership in the group by itself. */
void netlink_forget_driver(struct netlink *netlink)
{
	netlink->family = 0;
}

/* The events of one call of netlink_receive(). */
struct receiving {
	struct netlink *netlink;
	netlink_handler handler;
	void *context;
};

static void take_family_event(struct receiving *receiving,
			      struct nlmsghdr *header)
{
	struct genlmsghdr *genl = nlmsg_data(header);
	struct nlattr *attrs[CTRL_ATTR_MAX + 1];

	if (genlmsg_parse(header, 0, attrs, CTRL_ATTR_MAX, NULL) < 0 ||
	    !attrs[CTRL_ATTR_FAMILY_NAME] ||
	    nla_strcmp(attrs[CTRL_ATTR_FAMILY_NAME], UXMC_GENL_NAME))
		return;
	if (genl->cmd == CTRL_CMD_NEWFAMILY)
		receiving->handler(receiving->context, NETLINK_DRIVER_CAME,
				   NULL);
	else if (genl->cmd == CTRL_CMD_DELFAMILY)
		receiving->handler(receiving->context, NETLINK_DRIVER_WENT,
				   NULL);
}

static void take_module_event(struct receiving *receiving,
			      struct nlmsghdr *header)
{
	struct genlmsghdr *genl = nlmsg_data(header);
	struct module module;
	uint32_t event;

	if (genl->cmd != UXMC_CMD_MODULE_NTF ||
	    message_parse(header, &module, &event))
		return;
	receiving->handler(receiving->context,
			   event == UXMC_MODULE_REMOVED ?
			   NETLINK_MODULE_REMOVED : NETLINK_MODULE_CHANGED,
			   &module);
}

/* Nothing was asked for here, so that there is no sequence. */
static int on_any_sequence(struct nl_msg *message, void *context)
{
	(void)message;
	(void)context;
	return NL_OK;
}

static int on_event(struct nl_msg *message, void *context)
{
	struct receiving *receiving = context;
	struct nlmsghdr *header = nlmsg_hdr(message);

	if (header->nlmsg_type == GENL_ID_CTRL)
		take_family_event(receiving, header);
	else if (header->nlmsg_type == receiving->netlink->family)
		take_module_event(receiving, header);
	return NL_OK;
}

int netlink_receive(struct netlink *netlink, netlink_handler handler,
		    void *context)
{
	struct receiving receiving = {
		.netlink = netlink,
		.handler = handler,
		.context = context,
	};
	struct nl_cb *callbacks = nl_cb_alloc(NL_CB_DEFAULT);
	int ret;

	if (!callbacks)
		return -ENOMEM;
	nl_cb_set(callbacks, NL_CB_VALID, NL_CB_CUSTOM, on_event, &receiving);
	nl_cb_set(callbacks, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, on_any_sequence,
		  NULL);
	do
		ret = nl_recvmsgs(netlink->events, callbacks);
	while (ret >= 0);
	nl_cb_put(callbacks);

	if (ret == -NLE_AGAIN)
		return 0;
	/* ENOBUFS: more came in than the socket could hold. */
	if (ret == -NLE_NOMEM) {
		handler(context, NETLINK_EVENTS_LOST, NULL);
		return 0;
	}
	return message_errno(ret);
}

int netlink_events_fd(const struct netlink *netlink)
{
	return nl_socket_get_fd(netlink->events);
}
