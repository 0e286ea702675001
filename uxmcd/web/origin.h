/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does a request come from one of our pages, or from somebody else's? Pure.
 */
#ifndef UXMC_ORIGIN_H
#define UXMC_ORIGIN_H

enum origin {
	ORIGIN_OURS,		/* or the address was typed in */
	ORIGIN_FOREIGN,
	ORIGIN_UNKNOWN,		/* nothing is said of it */
};

/**
 * struct origin_headers - what says so; NULL: it is not there
 * @fetch_site: Sec-Fetch-Site, which browsers send to https and to this machine
 * @origin: Origin, which they send with all that may change something (Fetch, 3.1)
 * @referer: Referer
 * @host: Host, that is, what ours are called
 */
struct origin_headers {
	const char *fetch_site;
	const char *origin;
	const char *referer;
	const char *host;
};

enum origin origin_of(const struct origin_headers *headers);

#endif
