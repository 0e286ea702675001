/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Follows the updates of modules and shows how far they are.
 */
#ifndef UXMC_CTL_FOLLOW_H
#define UXMC_CTL_FOLLOW_H

#include "ctl.h"
#include "modules.h"

/* What was last printed about a module, where there is no terminal. */
struct ctl_printed {
	uint32_t id;
	unsigned int state;
	int step;
};

/**
 * struct ctl_follow - the modules as they are shown
 * @only: the one module that is of interest; -1: all
 * @quiet: show nothing until an update is under way
 * @tty: redraw on a terminal, else print lines
 * @drawn: lines that will be drawn over
 * @driver: it is loaded still
 */
struct ctl_follow {
	struct netlink netlink;
	struct modules modules;
	int64_t only;
	bool quiet;
	bool tty;
	size_t drawn;
	bool driver;
	struct ctl_printed *printed;
	size_t printed_count;
};

/* REPLY_OK, or it has been said what is wrong. */
enum reply ctl_follow_open(struct ctl_follow *follow);
void ctl_follow_close(struct ctl_follow *follow);

/* Reads all modules as they are now. */
void ctl_follow_look(struct ctl_follow *follow);

/* Takes in what the driver tells, and shows it. */
void ctl_follow_take(struct ctl_follow *follow);
void ctl_follow_show(struct ctl_follow *follow);

/* The module of interest, or the first one; NULL if there is none. */
const struct module *ctl_follow_module(const struct ctl_follow *follow);

/* Is any update of interest under way? */
bool ctl_follow_is_busy(const struct ctl_follow *follow);

/* Exit status for the way an update ended. */
enum reply ctl_follow_result(const struct module *module);

#endif
