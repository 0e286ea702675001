/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of fetchwire share.
 */
#ifndef UXMC_UNIT_FETCHWIRE_H
#define UXMC_UNIT_FETCHWIRE_H

#include "fetchwire.h"
#include "unit.h"

/* A request that nothing is wrong with, for an image. */
extern const struct fetchwire_request image;

/* Something is wrong, and the sentence says that. */
void assert_wrong(const char *sentence, const char *wanted);

#endif
