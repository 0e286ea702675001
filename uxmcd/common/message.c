// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <netlink/errno.h>
#include <netlink/genl/genl.h>

#include "message.h"
#include "printable.h"

static struct nla_policy policy[UXMC_A_MAX + 1] = {
	[UXMC_A_MODULE]		= { .type = NLA_U32 },
	[UXMC_A_EVENT]		= { .type = NLA_U32 },
	[UXMC_A_PORT]		= { .type = NLA_STRING },
	[UXMC_A_MODEL]		= { .type = NLA_STRING },
	[UXMC_A_MODE]		= { .type = NLA_U32 },
	[UXMC_A_AWAY]		= { .type = NLA_FLAG },
	[UXMC_A_VERSION]	= { .type = NLA_STRING },
	[UXMC_A_SERIAL]		= { .type = NLA_STRING },
	[UXMC_A_STATE]		= { .type = NLA_U32 },
	[UXMC_A_DONE]		= { .type = NLA_U64 },
	[UXMC_A_TOTAL]		= { .type = NLA_U64 },
	[UXMC_A_TIMEOUT]	= { .type = NLA_U32 },
	[UXMC_A_MESSAGE]	= { .type = NLA_STRING },
	[UXMC_A_ERRNO]		= { .type = NLA_U32 },
	[UXMC_A_URL]		= { .type = NLA_STRING },
	[UXMC_A_FILE]		= { .type = NLA_STRING },
	[UXMC_A_EXPECT]		= { .type = NLA_STRING },
	[UXMC_A_FIRMWARE_UXM]	= { .type = NLA_STRING },
	[UXMC_A_CLEARED]	= { .type = NLA_FLAG },
};

int message_errno(int nle)
{
	switch (-nle) {
	case 0:
		return 0;
	case NLE_NOMEM:
		return -ENOMEM;
	case NLE_PERM:
	case NLE_NOACCESS:
		return -EPERM;
	case NLE_OBJ_NOTFOUND:
		return -ENOENT;
	case NLE_AGAIN:
		return -EAGAIN;
	case NLE_INTR:
	case NLE_DUMP_INTR:
		return -EINTR;
	case NLE_PROTO_MISMATCH:
	case NLE_AF_NOSUPPORT:
		return -EPROTONOSUPPORT;
	default:
		return -EIO;
	}
}

/* Some of it is what the module says, which may be no module but a joke. */
void message_take_text(char *to, size_t size, struct nlattr *attr)
{
	if (!attr)
		return;
	nla_strlcpy(to, attr, size);
	printable(to);
}

static uint32_t take_u32(struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

static uint64_t take_u64(struct nlattr *attr)
{
	return attr ? nla_get_u64(attr) : 0;
}

int message_parse(struct nlmsghdr *header, struct module *module,
		  uint32_t *event)
{
	struct nlattr *attrs[UXMC_A_MAX + 1];

	if (genlmsg_parse(header, 0, attrs, UXMC_A_MAX, policy) < 0 ||
	    !attrs[UXMC_A_MODULE])
		return -EBADMSG;

	*event = take_u32(attrs[UXMC_A_EVENT]);
	*module = (struct module) {
		.id = nla_get_u32(attrs[UXMC_A_MODULE]),
		.mode = take_u32(attrs[UXMC_A_MODE]),
		.state = take_u32(attrs[UXMC_A_STATE]),
		.away = attrs[UXMC_A_AWAY],
		.cleared = attrs[UXMC_A_CLEARED],
		.done = take_u64(attrs[UXMC_A_DONE]),
		.total = take_u64(attrs[UXMC_A_TOTAL]),
		.timeout = take_u32(attrs[UXMC_A_TIMEOUT]),
		.error = take_u32(attrs[UXMC_A_ERRNO]),
	};
	message_take_text(module->port, sizeof(module->port),
			  attrs[UXMC_A_PORT]);
	message_take_text(module->model, sizeof(module->model),
			  attrs[UXMC_A_MODEL]);
	message_take_text(module->version, sizeof(module->version),
			  attrs[UXMC_A_VERSION]);
	message_take_text(module->serial, sizeof(module->serial),
			  attrs[UXMC_A_SERIAL]);
	message_take_text(module->message, sizeof(module->message),
			  attrs[UXMC_A_MESSAGE]);
	message_take_text(module->url, sizeof(module->url),
			  attrs[UXMC_A_URL]);
	message_take_text(module->file, sizeof(module->file),
			  attrs[UXMC_A_FILE]);
	message_take_text(module->expect, sizeof(module->expect),
			  attrs[UXMC_A_EXPECT]);
	message_take_text(module->firmware_uxm, sizeof(module->firmware_uxm),
			  attrs[UXMC_A_FIRMWARE_UXM]);
	return 0;
}
