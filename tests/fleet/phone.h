/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One phone with uxmcd, for a week, in no time. */
#ifndef UXMC_FLEET_PHONE_H
#define UXMC_FLEET_PHONE_H

#include "wear.h"

/* What phones are like, in turns */
enum phone_kind {
	PHONE_ONE,		/* module */
	PHONE_NAMELESS,		/* one, without a serial number */
	PHONE_CHAIN,		/* two, one behind the other */
	PHONE_NAMELESS_CHAIN,
	PHONE_KINDS
};

/**
 * struct phone - what became of one
 * @modules: that it has
 * @right: of these, those that run what they should
 */
struct phone {
	unsigned int modules;
	unsigned int right;
};

/* @number: of the phone, by which it differs from others. wear has the most, then. */
struct phone phone_run(unsigned int number);

#endif
