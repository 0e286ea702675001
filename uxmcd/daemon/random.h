/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chance, for what must not happen everywhere at the same time.
 */
#ifndef UXMC_RANDOM_H
#define UXMC_RANDOM_H

#include <stdint.h>

uint64_t random_bits(void);

#endif
