/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Root, who may listen on any port and read a key, becomes another user.
 */
#ifndef UXMC_BECOME_H
#define UXMC_BECOME_H

#include <stddef.h>

#include "config.h"

/* Who is not root stays what one is. -errno, and a sentence. */
int become(const struct config *config, char *sentence, size_t size);

#endif
