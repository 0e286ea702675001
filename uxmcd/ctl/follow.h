/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Follows the updates of modules and shows how far they are.
 */
#ifndef UXMC_FOLLOW_H
#define UXMC_FOLLOW_H

#include "ctl.h"
#include "modules.h"

/* What was last printed about a module, where there is no terminal. */
struct printed {
	uint32_t id;
	unsigned int state;
	int step;
};

/**
 * struct follow - the modules as they are shown
 * @only: the one module that is of interest; -1: all
 * @quiet: show nothing until an update is under way
 * @tty: redraw on a terminal, else print lines
 * @drawn: lines that will be drawn over
 * @driver: it is loaded still
 */
struct follow {
	struct netlink netlink;
	struct modules modules;
	int64_t only;
	bool quiet;
	bool tty;
	size_t drawn;
	bool driver;
	struct printed *printed;
	size_t printed_count;
};

/* REPLY_OK, or it has been said what is wrong. */
enum reply follow_open(struct follow *follow);
void follow_close(struct follow *follow);

/* Reads all modules as they are now. */
void follow_look(struct follow *follow);

/* Takes in what the driver tells, and shows it. */
void follow_take(struct follow *follow);
void follow_show(struct follow *follow);

/*
 * Waits for that. -ETIMEDOUT: an update is under way still, and its next status was
 * due, by the driver's own word, some time ago.
 */
int follow_wait(struct follow *follow);

/* The module of interest, or the first one; NULL if there is none. */
const struct module *follow_module(const struct follow *follow);

/* Is any update of interest under way? */
bool follow_is_busy(const struct follow *follow);

/* By the driver itself, which needs no uxmcd for it? */
bool follow_is_flashing(const struct follow *follow);

#endif
