/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way of a request through redirects.
 */
#ifndef UXMC_HOP_H
#define UXMC_HOP_H

#include <stdbool.h>

#include "verdict.h"

#define HOP_MAX	5

/**
 * struct hop - one request on that way
 * @url: that it goes to
 * @count: redirects before it
 */
struct hop {
	char url[URL_MAX + 1];
	unsigned int count;
};

void hop_begin(struct hop *hop, const char *url);

/*
 * A redirect leads to @location, a URL or a part of one: the next request goes there.
 * False: it is not followed, and why has been noted.
 */
bool hop_follow(struct hop *hop, const char *location, struct verdict *verdict);

#endif
