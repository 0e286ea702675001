/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which boot this is: what loop_now() said in another one means nothing now.
 */
#ifndef UXMC_BOOT_H
#define UXMC_BOOT_H

#define BOOT_SIZE	40

/* The kernel's random name of it; empty if it tells none. */
const char *boot_id(void);

#endif
