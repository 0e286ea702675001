/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state directory: settings, journal, and the directory of images.
 */
#ifndef UXMC_STATE_H
#define UXMC_STATE_H

struct state {
	int dir;	/* settings, journal */
	int firmware;	/* images; the kernel's firmware directory links here */
	int lock;	/* held for as long as the daemon runs */
};

/* Makes what is missing. -EBUSY if another uxmcd has the directory. */
int state_open(struct state *state, const char *path);
void state_close(struct state *state);

#endif
