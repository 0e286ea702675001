/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an update is aimed at, as a number: an image's URL, and the port and the
 * serial number of a module. Pure.
 */
#ifndef UXMC_TARGET_H
#define UXMC_TARGET_H

#include <stdint.h>

uint64_t target_hash(const char *url, const char *port, const char *serial);

#endif
