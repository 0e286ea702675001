/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The signature of an image, a small file, sent on to uxmcd, which looks what is in it.
 */
#ifndef UXMC_SIGNATUREBODY_H
#define UXMC_SIGNATUREBODY_H

#include "body.h"

/* @body has its request and its wire. */
void signaturebody_open(struct body *body);

#endif
