// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "origin.h"

/*
 * Is the host of that URL, with its port, ours? There may be TLS before us, so that the
 * scheme does not matter.
 */
static enum origin compare(const char *url, const char *host)
{
	const char *start = strstr(url, "://");
	size_t length;

	if (!start || !host)
		return ORIGIN_FOREIGN;
	start += strlen("://");
	length = strcspn(start, "/?#");
	return length == strlen(host) && !strncasecmp(start, host, length) ?
	       ORIGIN_OURS : ORIGIN_FOREIGN;
}

/* The first that says something counts: it is the one that can be had least falsely. */
enum origin origin_of(const struct origin_headers *headers)
{
	const char *site = headers->fetch_site;

	if (site)
		return !strcmp(site, "same-origin") || !strcmp(site, "none") ?
		       ORIGIN_OURS : ORIGIN_FOREIGN;
	if (headers->origin)
		return compare(headers->origin, headers->host);
	if (headers->referer)
		return compare(headers->referer, headers->host);
	return ORIGIN_UNKNOWN;
}
