/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose the files of a directory are. What a uxmcd of another user has left is taken
 * over by one that is root, which does without the capability to write everywhere.
 */
#ifndef UXMC_OWNER_H
#define UXMC_OWNER_H

/* The directory, and the files in it, if it is not this user's already. -errno */
int owner_take(int dir);

#endif
