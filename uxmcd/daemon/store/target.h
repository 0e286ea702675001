/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an update is aimed at, as a number of 63 bits: an image's URL, and a module,
 * by its serial number or, if it has none, by its port. Pure.
 */
#ifndef UXMC_TARGET_H
#define UXMC_TARGET_H

#include <stdint.h>

uint64_t target_hash(const char *url, const char *port, const char *serial);

#endif
