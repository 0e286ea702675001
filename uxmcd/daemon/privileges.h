/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a uxmcd that is root does without. (systemd's unit has it be another user,
 * and sees to all of this.)
 */
#ifndef UXMC_PRIVILEGES_H
#define UXMC_PRIVILEGES_H

/* -errno; if it is not root there is nothing to do. */
int privileges_drop(void);

#endif
