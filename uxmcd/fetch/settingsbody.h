/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A settings file, collected and read here: uxmcd gets its entries. From the second
 * time on it is fetched only if it has changed (RFC 9110, section 13.1).
 */
#ifndef UXMC_SETTINGSBODY_H
#define UXMC_SETTINGSBODY_H

#include "body.h"

/* @body has its request and its wire. */
void settingsbody_open(struct body *body);

/* The GET has ended: sends the entries, or notes why there are none. */
void settingsbody_parse(struct body *body);

#endif
