/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image, or the rest of one, sent on to uxmcd as it comes.
 */
#ifndef UXMC_IMAGEBODY_H
#define UXMC_IMAGEBODY_H

#include "body.h"

/* @body has its request and its wire. */
void imagebody_open(struct body *body);

#endif
