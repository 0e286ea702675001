/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Content-Range of a partial answer: which bytes of how many it brings.
 */
#ifndef UXMC_RANGE_H
#define UXMC_RANGE_H

#include <stdint.h>

struct range {
	uint64_t first;
	uint64_t last;
	uint64_t total;	/* 0: not told */
};

/*
 * "bytes 100-199/200", or with an asterisk where the total is not known;
 * -EINVAL for anything else.
 */
int range_parse(const char *text, struct range *range);

#endif
