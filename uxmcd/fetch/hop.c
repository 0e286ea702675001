// SPDX-License-Identifier: GPL-2.0-or-later
#include <curl/curl.h>
#include <errno.h>

#include "hop.h"
#include "text.h"

void hop_begin(struct hop *hop, const char *url)
{
	text_copy(hop->url, sizeof(hop->url), url);
	hop->count = 0;
}

/* RFC 3986, section 5, and what is in a location that no URL has, made a part of one */
static bool resolve(const char *base, const char *location, char *to, size_t size)
{
	const unsigned int flags = CURLU_NON_SUPPORT_SCHEME;
	CURLU *url = curl_url();
	char *text = NULL;
	bool good;

	good = url && !curl_url_set(url, CURLUPART_URL, base, flags) &&
	       !curl_url_set(url, CURLUPART_URL, location,
			     flags | CURLU_URLENCODE) &&
	       !curl_url_get(url, CURLUPART_URL, &text, 0) &&
	       !text_copy(to, size, text);
	curl_free(text);
	curl_url_cleanup(url);
	return good;
}

static bool refuse(struct verdict *verdict, int error, const char *sentence)
{
	verdict_note(verdict, VERDICT_FAILED, error, "%s redirects %s",
		     verdict->host, sentence);
	return false;
}

bool hop_follow(struct hop *hop, const char *location, struct verdict *verdict)
{
	char next[URL_MAX + 1];
	int ret;

	if (hop->count == HOP_MAX) {
		verdict_note(verdict, VERDICT_FAILED, ELOOP,
			     "%s redirects more than %d times", verdict->host,
			     HOP_MAX);
		return false;
	}
	if (!resolve(hop->url, location, next, sizeof(next)))
		return refuse(verdict, EPROTO, "to what is no URL");
	ret = url_check(next);
	if (ret == -EPROTONOSUPPORT)
		return refuse(verdict, -ret,
			      "to something other than http and https");
	if (ret)
		return refuse(verdict, EPROTO, "to what is no URL");
	/* Whoever sees or changes it there was kept from that so far. */
	if (url_is_secure(hop->url) && !url_is_secure(next))
		return refuse(verdict, EPERM,
			      "from https to http, which is not followed: correct that at the server");
	text_copy(hop->url, sizeof(hop->url), next);
	hop->count++;
	return true;
}
