/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uxmcctl: what its verbs share.
 */
#ifndef UXMC_CTL_H
#define UXMC_CTL_H

#include <stdbool.h>

#include "module.h"
#include "netlink.h"
#include "nodriver.h"
#include "reply.h"

#define CTL_CONTROL	"/run/uxmcd/control"

/* @sha256: NULL if it was not given */
struct ctl_options {
	const char *control;
	const char *sha256;
	bool json;
	bool no_wait;
	bool once;
};

/* Each verb: its arguments end with NULL; the exit status is given back. */
enum reply ctl_status(const struct ctl_options *options, char **args);
enum reply ctl_watch(const struct ctl_options *options, char **args);
enum reply ctl_update(const struct ctl_options *options, char **args);
enum reply ctl_cancel(const struct ctl_options *options, char **args);
enum reply ctl_check(const struct ctl_options *options, char **args);
enum reply ctl_confirm(const struct ctl_options *options, char **args);
enum reply ctl_refuse(const struct ctl_options *options, char **args);
enum reply ctl_log(const struct ctl_options *options, char **args);
enum reply ctl_metrics(const struct ctl_options *options, char **args);
enum reply ctl_get(const struct ctl_options *options, char **args);
enum reply ctl_set(const struct ctl_options *options, char **args);
enum reply ctl_clear(const struct ctl_options *options, char **args);

/* Says what is wrong, and what to do about it, on standard error. */
void ctl_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Talks to the driver: REPLY_OK, or why there is none, and it has been said. */
enum reply ctl_open_driver(struct netlink *netlink);

/* The driver tells nothing of an update that it has not ended. REPLY_FAILED. */
enum reply ctl_say_overdue(void);

/* None is connected; or the driver is not bound to it. REPLY_NO_MODULE. */
enum reply ctl_say_no_module(void);

#define CTL_NO_MODULE	"no expansion module is connected: plug one in"
#define CTL_NO_DAEMON \
	"uxmcd is not running: systemctl start uxmcd, or start uxmcd as root"
#define CTL_SILENT \
	"uxmcd runs, but does not answer: see its log, or restart it (systemctl restart uxmcd)"

#endif
