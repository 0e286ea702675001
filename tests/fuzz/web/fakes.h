/* SPDX-License-Identifier: GPL-2.0-or-later */
/* uxmcd and the driver, as uxmcweb sees them in the fuzzer. */
#ifndef UXMC_FAKES_H
#define UXMC_FAKES_H

#include <stdint.h>

/* How things stand, bit by bit */
#define FAKES_PASSWORD	0x01	/* there is one */
#define FAKES_KNOWN	0x02	/* any session is one */
#define FAKES_RIGHT	0x04	/* any password is right */
#define FAKES_BLOCKED	0x08	/* none is looked at */
#define FAKES_RESTRICTED 0x10	/* nothing is changed by GET */
#define FAKES_GONE	0x20	/* uxmcd is not there */
#define FAKES_REFUSES	0x40	/* it refuses all that is asked for */
#define FAKES_BUSY	0x80	/* an update is under way */

void fakes_set(uint8_t how);

#endif
