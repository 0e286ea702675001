// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/netlink.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include "message.h"
#include "netlink.h"
#include "printable.h"
#include "text.h"

#define LIST_TRIES	5

/* One request that is waiting for the end of its answer. */
struct call {
	struct netlink *netlink;
	bool waiting;
	int error;
	int (*take)(struct call *call, struct nlmsghdr *header);
	struct module *module;
	struct modules *modules;
};

/* The extended ack follows the request, which the answer quotes. */
static void take_refusal(struct netlink *netlink, struct nlmsgerr *answer)
{
	struct nlattr *attrs[NLMSGERR_ATTR_MAX + 1];
	char *start = (char *)answer - NLMSG_HDRLEN;
	struct nlmsghdr *header = (struct nlmsghdr *)start;
	size_t skip = sizeof(*answer);

	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(header->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(answer->msg.nlmsg_len) - NLMSG_HDRLEN;
	if (nlmsg_parse(header, (int)skip, attrs, NLMSGERR_ATTR_MAX, NULL) < 0)
		return;
	message_take_text(netlink->refusal, sizeof(netlink->refusal),
			  attrs[NLMSGERR_ATTR_MSG]);
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *answer,
		    void *context)
{
	struct call *call = context;

	(void)from;
	call->waiting = false;
	call->error = answer->error;
	take_refusal(call->netlink, answer);
	return NL_STOP;
}

static int on_end(struct nl_msg *message, void *context)
{
	struct call *call = context;

	(void)message;
	call->waiting = false;
	return NL_STOP;
}

static int on_answer(struct nl_msg *message, void *context)
{
	struct call *call = context;

	if (call->take && !call->error)
		call->error = call->take(call, nlmsg_hdr(message));
	return NL_OK;
}

static struct nl_cb *make_callbacks(struct call *call)
{
	struct nl_cb *callbacks = nl_cb_alloc(NL_CB_DEFAULT);

	if (!callbacks)
		return NULL;
	nl_cb_err(callbacks, NL_CB_CUSTOM, on_error, call);
	nl_cb_set(callbacks, NL_CB_ACK, NL_CB_CUSTOM, on_end, call);
	nl_cb_set(callbacks, NL_CB_FINISH, NL_CB_CUSTOM, on_end, call);
	nl_cb_set(callbacks, NL_CB_VALID, NL_CB_CUSTOM, on_answer, call);
	return callbacks;
}

/* Frees the message. */
static int call_driver(struct netlink *netlink, struct nl_msg *message,
		       struct call *call)
{
	struct nl_cb *callbacks;
	int ret;

	*netlink->refusal = '\0';
	call->netlink = netlink;
	call->waiting = true;
	callbacks = make_callbacks(call);
	if (!callbacks) {
		nlmsg_free(message);
		return -ENOMEM;
	}

	ret = nl_send_auto(netlink->requests, message);
	nlmsg_free(message);
	while (ret >= 0 && call->waiting)
		ret = nl_recvmsgs(netlink->requests, callbacks);
	nl_cb_put(callbacks);
	/* libnl knows fewer errors than the kernel. */
	if (call->error || ret >= 0)
		return call->error;
	/* An answer may have been lost: the next one must not be taken for it. */
	netlink_reopen(netlink);
	return message_errno(ret);
}

static struct nl_msg *make_message(const struct netlink *netlink, int command,
				   int flags)
{
	struct nl_msg *message = nlmsg_alloc_size(8192);

	if (message && !genlmsg_put(message, NL_AUTO_PORT, NL_AUTO_SEQ,
				    netlink->family, 0, flags,
				    (uint8_t)command, UXMC_GENL_VERSION)) {
		nlmsg_free(message);
		return NULL;
	}
	return message;
}

static struct nl_msg *make_request(const struct netlink *netlink, int command,
				   uint32_t id)
{
	struct nl_msg *message = make_message(netlink, command, NLM_F_ACK);

	if (message && nla_put_u32(message, UXMC_A_MODULE, id)) {
		nlmsg_free(message);
		return NULL;
	}
	return message;
}

/* Sends a request that has no answer but yes or no; frees the message. */
static int call_simple(struct netlink *netlink, struct nl_msg *message)
{
	struct call call = { 0 };

	return call_driver(netlink, message, &call);
}

static int give_up(struct nl_msg *message)
{
	nlmsg_free(message);
	return -EMSGSIZE;
}

static int take_one(struct call *call, struct nlmsghdr *header)
{
	uint32_t event;

	return message_parse(header, call->module, &event);
}

int netlink_get(struct netlink *netlink, uint32_t id, struct module *module)
{
	struct module got = { 0 };
	struct call call = { .take = take_one, .module = &got };
	struct nl_msg *message;
	int ret;

	if (!netlink->family)
		return -ENOENT;
	message = make_request(netlink, UXMC_CMD_MODULE_GET, id);
	if (!message)
		return -ENOMEM;
	ret = call_driver(netlink, message, &call);
	if (!ret)
		*module = got;
	return ret;
}

static int take_next(struct call *call, struct nlmsghdr *header)
{
	struct module module;
	uint32_t event;
	int ret;

	ret = message_parse(header, &module, &event);
	if (ret)
		return ret;
	return modules_put(call->modules, &module) ? 0 : -ENOMEM;
}

static int list_once(struct netlink *netlink, struct modules *modules)
{
	struct call call = { .take = take_next, .modules = modules };
	struct nl_msg *message;

	message = make_message(netlink, UXMC_CMD_MODULE_GET, NLM_F_DUMP);
	if (!message)
		return -ENOMEM;
	return call_driver(netlink, message, &call);
}

int netlink_list(struct netlink *netlink, struct modules *modules)
{
	struct modules listed = { 0 };
	int tries, ret = -ENOENT;

	if (!netlink->family)
		return -ENOENT;
	/* A list that changed while it was read is read again. */
	for (tries = 0; tries < LIST_TRIES; tries++) {
		ret = list_once(netlink, &listed);
		if (ret != -EINTR)
			break;
		modules_clear(&listed);
	}
	if (ret) {
		modules_clear(&listed);
		return ret;
	}
	modules_clear(modules);
	*modules = listed;
	return 0;
}

int netlink_request(struct netlink *netlink, uint32_t id, const char *url)
{
	struct nl_msg *message;

	message = make_request(netlink, UXMC_CMD_UPDATE_REQUEST, id);
	if (!message)
		return -ENOMEM;
	if (nla_put_string(message, UXMC_A_URL, url))
		return give_up(message);
	return call_simple(netlink, message);
}

int netlink_flash(struct netlink *netlink, uint32_t id, const char *file,
		  const char *expect)
{
	struct nl_msg *message;

	message = make_request(netlink, UXMC_CMD_UPDATE_FLASH, id);
	if (!message)
		return -ENOMEM;
	if (nla_put_string(message, UXMC_A_FILE, file) ||
	    nla_put_string(message, UXMC_A_EXPECT, expect))
		return give_up(message);
	return call_simple(netlink, message);
}

int netlink_cancel(struct netlink *netlink, uint32_t id)
{
	struct nl_msg *message;

	message = make_request(netlink, UXMC_CMD_UPDATE_CANCEL, id);
	if (!message)
		return -ENOMEM;
	return call_simple(netlink, message);
}

int netlink_show_setting(struct netlink *netlink, uint32_t id,
			 const char *firmware_uxm)
{
	struct nl_msg *message;

	message = make_request(netlink, UXMC_CMD_SETTING_SET, id);
	if (!message)
		return -ENOMEM;
	if (nla_put_string(message, UXMC_A_FIRMWARE_UXM, firmware_uxm))
		return give_up(message);
	return call_simple(netlink, message);
}

int netlink_report_fetching(struct netlink *netlink, uint32_t id,
			    uint64_t done, uint64_t total, uint32_t timeout)
{
	struct nl_msg *message;

	message = make_request(netlink, UXMC_CMD_UPDATE_REPORT, id);
	if (!message)
		return -ENOMEM;
	if (nla_put_u32(message, UXMC_A_STATE, UXMC_STATE_FETCHING) ||
	    nla_put_u64(message, UXMC_A_DONE, done) ||
	    nla_put_u64(message, UXMC_A_TOTAL, total) ||
	    nla_put_u32(message, UXMC_A_TIMEOUT, timeout))
		return give_up(message);
	return call_simple(netlink, message);
}

/* A sentence as the driver takes it: of some length, and one line. */
static void take_sentence(char *to, size_t size, const char *sentence)
{
	text_format(to, size, "%s", sentence);
	printable(to);
	for (; *to; to++)
		if (*to == '\t')
			*to = ' ';
}

int netlink_report_failed(struct netlink *netlink, uint32_t id,
			  const char *sentence, int error)
{
	char text[UXMC_MESSAGE_MAX + 1];
	struct nl_msg *message;

	take_sentence(text, sizeof(text), sentence);

	message = make_request(netlink, UXMC_CMD_UPDATE_REPORT, id);
	if (!message)
		return -ENOMEM;
	if (nla_put_u32(message, UXMC_A_STATE, UXMC_STATE_FAILED) ||
	    nla_put_string(message, UXMC_A_MESSAGE, text) ||
	    nla_put_u32(message, UXMC_A_ERRNO, (uint32_t)error))
		return give_up(message);
	return call_simple(netlink, message);
}
