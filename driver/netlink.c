// SPDX-License-Identifier: GPL-2.0-only
/* Generic netlink family "uxmc", as described in netlink/uxmc.yaml */
#include <linux/module.h>
#include <net/genetlink.h>

#include "device.h"
#include "netlink.h"
#include "text.h"
#include "url.h"

/* The largest status: two URLs, a sentence, names and numbers */
#define STATUS_SIZE	(3 * UXMC_URL_MAX)

static struct genl_family uxmc_family;

/* All strings from user space pass here, but for what is written to sysfs. */
static int validate_text(const struct nlattr *attr,
			 struct netlink_ext_ack *extack)
{
	const char *text = nla_data(attr);

	if (strlen(text) + 1 == nla_len(attr) && uxmc_text_is_clean(text))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "a text has control characters in it, or is not UTF-8");
	return -EINVAL;
}

#define TEXT(max) {					\
	.type = NLA_NUL_STRING,				\
	.validation_type = NLA_VALIDATE_FUNCTION,	\
	.validate = validate_text,			\
	.len = (max),					\
}

/*
 * What each command takes: it refuses all other attributes, lest they get a
 * meaning one day that somebody who sends them already does not mean. Those of
 * MODULE_GET are for one module, not for a dump.
 */
static const struct nla_policy module_policy[UXMC_A_MODULE + 1] = {
	[UXMC_A_MODULE] = { .type = NLA_U32 },
};

static const struct nla_policy request_policy[UXMC_A_URL + 1] = {
	[UXMC_A_MODULE] = { .type = NLA_U32 },
	[UXMC_A_URL] = TEXT(UXMC_URL_MAX),
};

static const struct nla_policy flash_policy[UXMC_A_EXPECT + 1] = {
	[UXMC_A_MODULE] = { .type = NLA_U32 },
	[UXMC_A_FILE] = TEXT(UXMC_FILE_MAX),
	[UXMC_A_EXPECT] = TEXT(UXMC_VERSION_MAX),
};

static const struct nla_policy report_policy[UXMC_A_ERRNO + 1] = {
	[UXMC_A_MODULE] = { .type = NLA_U32 },
	[UXMC_A_STATE] = { .type = NLA_U32 },
	[UXMC_A_DONE] = { .type = NLA_U64 },
	[UXMC_A_TOTAL] = { .type = NLA_U64 },
	[UXMC_A_TIMEOUT] = { .type = NLA_U32 },
	[UXMC_A_MESSAGE] = TEXT(UXMC_MESSAGE_MAX),
	[UXMC_A_ERRNO] = NLA_POLICY_MAX(NLA_U32, MAX_ERRNO),
};

static const struct nla_policy setting_policy[UXMC_A_FIRMWARE_UXM + 1] = {
	[UXMC_A_MODULE] = { .type = NLA_U32 },
	[UXMC_A_FIRMWARE_UXM] = TEXT(UXMC_URL_MAX),
};

/* The module of a request, referenced, or an error with its sentence */
static struct uxmc_device *device_of(struct genl_info *info)
{
	struct uxmc_device *uxmc;

	if (!info->attrs[UXMC_A_MODULE]) {
		NL_SET_ERR_MSG(info->extack, "which module? the number is missing");
		return ERR_PTR(-EINVAL);
	}
	uxmc = uxmc_device_get(nla_get_u32(info->attrs[UXMC_A_MODULE]));
	if (!uxmc) {
		NL_SET_ERR_MSG(info->extack, "there is no such module");
		return ERR_PTR(-ENODEV);
	}
	return uxmc;
}

static const char *string_of(struct genl_info *info, enum uxmc_attr attr)
{
	return info->attrs[attr] ? nla_data(info->attrs[attr]) : "";
}

static u32 u32_of(struct genl_info *info, enum uxmc_attr attr)
{
	return info->attrs[attr] ? nla_get_u32(info->attrs[attr]) : 0;
}

static u64 u64_of(struct genl_info *info, enum uxmc_attr attr)
{
	return info->attrs[attr] ? nla_get_u64(info->attrs[attr]) : 0;
}

/* Who may not change a URL does not see the password in it. */
static bool put_url(struct sk_buff *skb, enum uxmc_attr attr, const char *url,
		    bool admin)
{
	size_t length = admin ? strlen(url) : uxmc_url_hide(NULL, 0, url);
	struct nlattr *place = nla_reserve(skb, attr, length + 1);

	if (!place)
		return true;
	if (admin)
		strscpy(nla_data(place), url, length + 1);
	else
		uxmc_url_hide(nla_data(place), length + 1, url);
	return false;
}

static bool put_module(struct sk_buff *skb, const struct uxmc_device *uxmc,
		       bool admin)
{
	return nla_put_u32(skb, UXMC_A_MODULE, uxmc->id) ||
		nla_put_string(skb, UXMC_A_PORT, uxmc->port) ||
		nla_put_string(skb, UXMC_A_MODEL, uxmc->model->name) ||
		nla_put_u32(skb, UXMC_A_MODE, uxmc->mode) ||
		(!uxmc->dfu && nla_put_flag(skb, UXMC_A_AWAY)) ||
		nla_put_string(skb, UXMC_A_VERSION, uxmc->version) ||
		nla_put_string(skb, UXMC_A_SERIAL, uxmc->serial) ||
		put_url(skb, UXMC_A_FIRMWARE_UXM, uxmc->firmware_uxm, admin) ||
		(uxmc->cleared && nla_put_flag(skb, UXMC_A_CLEARED));
}

static bool put_update(struct sk_buff *skb, const struct uxmc_update *update,
		       bool admin)
{
	return nla_put_u32(skb, UXMC_A_STATE, update->state) ||
		nla_put_u64_64bit(skb, UXMC_A_DONE, update->done,
				  UXMC_A_PAD) ||
		nla_put_u64_64bit(skb, UXMC_A_TOTAL, update->total,
				  UXMC_A_PAD) ||
		nla_put_u32(skb, UXMC_A_TIMEOUT, update->timeout) ||
		nla_put_string(skb, UXMC_A_MESSAGE, update->message) ||
		nla_put_u32(skb, UXMC_A_ERRNO, -update->error) ||
		put_url(skb, UXMC_A_URL, update->url, admin) ||
		nla_put_string(skb, UXMC_A_FILE, update->file);
}

/*
 * The one builder of a status: answer, dump and notification alike. What is told
 * to all is what those may see who are no administrators.
 */
static int put_status(struct sk_buff *skb, const struct uxmc_device *uxmc,
		      void *head, bool admin)
{
	lockdep_assert_held(&uxmc->lock);
	if (!head || put_module(skb, uxmc, admin) ||
	    put_update(skb, &uxmc->update, admin)) {
		if (head)
			genlmsg_cancel(skb, head);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, head);
	return 0;
}

static struct sk_buff *build_notification(const struct uxmc_device *uxmc,
					  enum uxmc_module_event event)
{
	struct sk_buff *skb = genlmsg_new(STATUS_SIZE, GFP_KERNEL);
	void *head;

	if (!skb)
		return NULL;
	head = genlmsg_put(skb, 0, 0, &uxmc_family, 0, UXMC_CMD_MODULE_NTF);
	if (!head || nla_put_u32(skb, UXMC_A_EVENT, event) ||
	    put_status(skb, uxmc, head, false)) {
		nlmsg_free(skb);
		return NULL;
	}
	return skb;
}

/**
 * uxmc_netlink_notify - tell all listeners
 * @uxmc: the module, locked, so that they hear of changes in their order
 * @event: why
 *
 * Where that cannot be, the next thing that listeners read is ENOBUFS, as where
 * their own buffers were too small: they have to ask for all modules again.
 */
void uxmc_netlink_notify(struct uxmc_device *uxmc,
			 enum uxmc_module_event event)
{
	struct sk_buff *skb;
	int err = -ENOBUFS;

	/* Before it is announced, what happens to it is part of how it is found. */
	if (!uxmc->announced)
		return;
	if (!genl_has_listeners(&uxmc_family, &init_net, 0))
		return;
	skb = build_notification(uxmc, event);
	if (skb)
		err = genlmsg_multicast(&uxmc_family, skb, 0, 0, GFP_KERNEL);
	/* With ESRCH the last listener has just left. */
	if (err && err != -ESRCH)
		genl_set_err(&uxmc_family, &init_net, 0, 0, -ENOBUFS);
}

static int module_get_doit(struct sk_buff *request, struct genl_info *info)
{
	bool admin = netlink_capable(request, CAP_NET_ADMIN);
	struct uxmc_device *uxmc = device_of(info);
	struct sk_buff *skb;
	int err;

	if (IS_ERR(uxmc))
		return PTR_ERR(uxmc);
	skb = genlmsg_new(STATUS_SIZE, GFP_KERNEL);
	if (!skb) {
		uxmc_device_put(uxmc);
		return -ENOMEM;
	}
	mutex_lock(&uxmc->lock);
	err = put_status(skb, uxmc,
			 genlmsg_put_reply(skb, info, &uxmc_family, 0,
					   UXMC_CMD_MODULE_GET), admin);
	mutex_unlock(&uxmc->lock);
	uxmc_device_put(uxmc);
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	return genlmsg_reply(skb, info);
}

static int module_get_start(struct netlink_callback *cb)
{
	cb->min_dump_alloc = STATUS_SIZE;
	return 0;
}

static int module_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	bool admin = netlink_capable(cb->skb, CAP_NET_ADMIN);
	struct uxmc_device *uxmc;
	int err = 0;
	void *head;

	if (genlmsg_len(nlmsg_data(cb->nlh))) {
		NL_SET_ERR_MSG(cb->extack,
			       "a dump is of all modules, and takes no attributes");
		return -EINVAL;
	}
	while ((uxmc = uxmc_device_get_next(cb->args[0], &cb->seq))) {
		mutex_lock(&uxmc->lock);
		head = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				   cb->nlh->nlmsg_seq, &uxmc_family,
				   NLM_F_MULTI, UXMC_CMD_MODULE_GET);
		err = put_status(skb, uxmc, head, admin);
		if (!err)
			genl_dump_check_consistent(cb, head);
		mutex_unlock(&uxmc->lock);
		if (!err)
			cb->args[0] = uxmc->id + 1;
		uxmc_device_put(uxmc);
		if (err)
			break;
	}
	return skb->len ? skb->len : err;
}

static int update_request_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct uxmc_device *uxmc;
	int err;

	if (!info->attrs[UXMC_A_URL]) {
		NL_SET_ERR_MSG(info->extack, "the URL is missing");
		return -EINVAL;
	}
	uxmc = device_of(info);
	if (IS_ERR(uxmc))
		return PTR_ERR(uxmc);
	err = uxmc_update_request(uxmc, string_of(info, UXMC_A_URL),
				  info->extack);
	uxmc_device_put(uxmc);
	return err;
}

static int update_flash_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct uxmc_device *uxmc;
	int err;

	if (!info->attrs[UXMC_A_FILE]) {
		NL_SET_ERR_MSG(info->extack, "the file's name is missing");
		return -EINVAL;
	}
	uxmc = device_of(info);
	if (IS_ERR(uxmc))
		return PTR_ERR(uxmc);
	err = uxmc_update_flash(uxmc, string_of(info, UXMC_A_FILE),
				string_of(info, UXMC_A_EXPECT), info->extack);
	uxmc_device_put(uxmc);
	return err;
}

/* The attributes that a report has to have, or must not have, in its state */
static int check_report(struct genl_info *info,
			const struct uxmc_report *report)
{
	u32 state = u32_of(info, UXMC_A_STATE);
	const char *why = NULL;

	if (state != UXMC_STATE_FETCHING && state != UXMC_STATE_FAILED)
		why = "a report is of the state fetching or failed";
	else if (report->failed && !*report->message)
		why = "a failure has to say why";
	else if (report->failed &&
		 (info->attrs[UXMC_A_DONE] || info->attrs[UXMC_A_TOTAL] ||
		  info->attrs[UXMC_A_TIMEOUT]))
		why = "a failure has no progress and no timeout";
	else if (!report->failed &&
		 (info->attrs[UXMC_A_MESSAGE] || info->attrs[UXMC_A_ERRNO]))
		why = "only a failure has a message and an errno";
	else if (report->total && report->done > report->total)
		why = "more bytes are done than there are in all";
	if (!why)
		return 0;
	info->extack->_msg = why;
	return -EINVAL;
}

static int update_report_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct uxmc_report report = {
		.failed = u32_of(info, UXMC_A_STATE) == UXMC_STATE_FAILED,
		.done = u64_of(info, UXMC_A_DONE),
		.total = u64_of(info, UXMC_A_TOTAL),
		.timeout = u32_of(info, UXMC_A_TIMEOUT),
		.error = u32_of(info, UXMC_A_ERRNO),
		.message = string_of(info, UXMC_A_MESSAGE),
	};
	struct uxmc_device *uxmc;
	int err;

	err = check_report(info, &report);
	if (err)
		return err;
	uxmc = device_of(info);
	if (IS_ERR(uxmc))
		return PTR_ERR(uxmc);
	err = uxmc_update_report(uxmc, &report, info->extack);
	uxmc_device_put(uxmc);
	return err;
}

static int update_cancel_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct uxmc_device *uxmc = device_of(info);
	int err;

	if (IS_ERR(uxmc))
		return PTR_ERR(uxmc);
	err = uxmc_update_cancel(uxmc, info->extack);
	uxmc_device_put(uxmc);
	return err;
}

static int setting_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct uxmc_device *uxmc;
	int err;

	if (!info->attrs[UXMC_A_FIRMWARE_UXM]) {
		NL_SET_ERR_MSG(info->extack, "the setting's value is missing");
		return -EINVAL;
	}
	uxmc = device_of(info);
	if (IS_ERR(uxmc))
		return PTR_ERR(uxmc);
	err = uxmc_device_set_firmware_uxm(uxmc,
					   string_of(info,
						     UXMC_A_FIRMWARE_UXM),
					   info->extack);
	uxmc_device_put(uxmc);
	return err;
}

static const struct genl_ops uxmc_ops[] = {
	{
		.cmd = UXMC_CMD_MODULE_GET,
		.policy = module_policy,
		.maxattr = ARRAY_SIZE(module_policy) - 1,
		.doit = module_get_doit,
		.start = module_get_start,
		.dumpit = module_get_dumpit,
	},
	{
		.cmd = UXMC_CMD_UPDATE_REQUEST,
		.policy = request_policy,
		.maxattr = ARRAY_SIZE(request_policy) - 1,
		.doit = update_request_doit,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = UXMC_CMD_UPDATE_FLASH,
		.policy = flash_policy,
		.maxattr = ARRAY_SIZE(flash_policy) - 1,
		.doit = update_flash_doit,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = UXMC_CMD_UPDATE_REPORT,
		.policy = report_policy,
		.maxattr = ARRAY_SIZE(report_policy) - 1,
		.doit = update_report_doit,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = UXMC_CMD_UPDATE_CANCEL,
		.policy = module_policy,
		.maxattr = ARRAY_SIZE(module_policy) - 1,
		.doit = update_cancel_doit,
		.flags = GENL_ADMIN_PERM,
	},
	{
		.cmd = UXMC_CMD_SETTING_SET,
		.policy = setting_policy,
		.maxattr = ARRAY_SIZE(setting_policy) - 1,
		.doit = setting_set_doit,
		.flags = GENL_ADMIN_PERM,
	},
};

static const struct genl_multicast_group uxmc_groups[] = {
	{ .name = UXMC_GENL_GROUP },
};

static struct genl_family uxmc_family __ro_after_init = {
	.name = UXMC_GENL_NAME,
	.version = UXMC_GENL_VERSION,
	.module = THIS_MODULE,
	.parallel_ops = true,	/* modules have locks of their own */
	.ops = uxmc_ops,
	.n_ops = ARRAY_SIZE(uxmc_ops),
	.mcgrps = uxmc_groups,
	.n_mcgrps = ARRAY_SIZE(uxmc_groups),
};

int __init uxmc_netlink_init(void)
{
	return genl_register_family(&uxmc_family);
}

void uxmc_netlink_exit(void)
{
	genl_unregister_family(&uxmc_family);
}
