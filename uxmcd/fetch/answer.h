/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The headers of an HTTP answer, taken in line by line.
 */
#ifndef UXMC_ANSWER_H
#define UXMC_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "range.h"
#include "url.h"

/**
 * struct answer - what matters of the headers
 * @status: 200; 0 if there was no answer
 * @old: it is one of HTTP/1.0 or earlier
 * @has_length: there was a Content-Length
 * @length: of this answer's body
 * @chunked: the body comes in chunks, and so says its end itself
 * @contradicts: there are two lengths, or two ranges, or a length that is none
 * @coding: that the body has been put into, which changes its bytes; empty: none
 * @says_range: there was a Content-Range
 * @has_range: and it made sense
 * @range: what it said
 * @etag: strong ones only: a weak one does not vouch for the bytes
 * @weak_etag: weak or strong: vouches for the meaning at least
 * @modified: the Last-Modified
 * @location: where a redirect leads, the first if it says several
 * @retry_after: of a server that wants to be left alone for so long
 * @date: when that was said
 */
struct answer {
	int status;
	bool old;
	bool has_length;
	uint64_t length;
	bool chunked;
	bool contradicts;
	char coding[32];
	bool says_range;
	bool has_range;
	struct range range;
	char etag[128];
	char weak_etag[128];
	char modified[64];
	char location[URL_MAX + 1];
	char retry_after[64];
	char date[64];
};

/*
 * Takes one line as it came. True at the end of the headers; the next line
 * begins others (after a redirect, for example).
 */
bool answer_take(struct answer *answer, const char *line, size_t length);

#endif
