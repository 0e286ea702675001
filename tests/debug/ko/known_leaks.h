/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef UXMC_DEBUG_KNOWN_LEAKS_H
#define UXMC_DEBUG_KNOWN_LEAKS_H

int known_leaks_init(void);
void known_leaks_exit(void);

#endif
