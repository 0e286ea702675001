// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "answercheck.h"

static bool refuse(struct verdict *verdict, const char *says)
{
	verdict_note(verdict, VERDICT_FAILED, EPROTO, "%s %s", verdict->host,
		     says);
	return false;
}

/* Nobody has asked for one: the bytes are not those of the file (RFC 9110, 8.4). */
static bool check_coding(const struct answer *answer, const char *what,
			 struct verdict *verdict)
{
	if (!*answer->coding)
		return true;
	verdict_note(verdict, VERDICT_FAILED, EPROTO,
		     "%s sends the %s encoded (%s), which nobody asked for: have the server leave that",
		     verdict->host, what, answer->coding);
	return false;
}

bool answercheck(const struct answer *answer, const char *what,
		 struct verdict *verdict)
{
	if (answer->contradicts)
		return refuse(verdict, "contradicts itself about its length");
	return check_coding(answer, what, verdict);
}

/*
 * An end by closing may come at any byte (RFC 9112, section 8). Chunks have an end of
 * their own (section 7.1), but not in HTTP/1.0, where nobody is known to understand
 * them (section 6.1). In HTTP/2, which is not spoken here, a stream would have one
 * (RFC 9113, section 8.1).
 */
static bool has_end(const struct answer *answer)
{
	return answer->has_length || (answer->chunked && !answer->old);
}

/* It has no meaning in an answer that brings the whole (RFC 9110, section 14.4). */
static bool is_whole(const struct answer *answer)
{
	const struct range *range = &answer->range;

	if (!answer->says_range)
		return true;
	return answer->has_range && !range->first &&
	       range->last + 1 == range->total && answer->has_length &&
	       answer->length == range->total;
}

bool answercheck_image(const struct answer *answer, struct verdict *verdict)
{
	if (!answercheck(answer, "image", verdict))
		return false;
	if (!has_end(answer))
		return refuse(verdict,
			      "does not say how long the image is, so half of it could not be told from all: have it send a Content-Length");
	if (answer->status == 200 && !is_whole(answer))
		return refuse(verdict,
			      "contradicts itself: it sends all of the image (200), and a part of it (Content-Range)");
	return true;
}
