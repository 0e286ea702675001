// SPDX-License-Identifier: GPL-2.0-or-later
#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#include "credentials.h"
#include "text.h"

static CURLU *parse(const char *text)
{
	CURLU *url = curl_url();

	if (url && !curl_url_set(url, CURLUPART_URL, text, 0))
		return url;
	curl_url_cleanup(url);
	return NULL;
}

/* As text of its own; empty if the URL has no such part. False: it is too long. */
static bool get(CURLU *url, CURLUPart part, unsigned int flags, char *to,
		size_t size)
{
	char *text = NULL;
	bool fits;

	*to = '\0';
	if (!url || curl_url_get(url, part, &text, flags))
		return true;
	fits = !text_copy(to, size, text);
	curl_free(text);
	return fits;
}

static bool take_from_url(struct credentials *credentials, const char *text)
{
	CURLU *url = parse(text);
	bool fits;

	fits = get(url, CURLUPART_USER, CURLU_URLDECODE, credentials->user,
		   sizeof(credentials->user)) &&
	       get(url, CURLUPART_PASSWORD, CURLU_URLDECODE,
		   credentials->password, sizeof(credentials->password));
	curl_url_cleanup(url);
	return fits && (*credentials->user || *credentials->password);
}

void credentials_take(struct credentials *credentials,
		      const struct fetchwire_request *request)
{
	credentials->url = request->url;
	credentials->there = take_from_url(credentials, request->url);
	if (credentials->there || url_has_login(request->url))
		return;
	text_copy(credentials->user, sizeof(credentials->user), request->user);
	text_copy(credentials->password, sizeof(credentials->password),
		  request->password);
	credentials->there = *request->user || *request->password;
}

struct origin {
	char scheme[8];
	char host[URL_HOST_MAX + 1];
	char port[8];
};

static bool find_origin(const char *text, struct origin *origin)
{
	CURLU *url = parse(text);
	bool fits;

	fits = url && get(url, CURLUPART_SCHEME, 0, origin->scheme,
			  sizeof(origin->scheme)) &&
	       get(url, CURLUPART_HOST, 0, origin->host,
		   sizeof(origin->host)) &&
	       get(url, CURLUPART_PORT, CURLU_DEFAULT_PORT, origin->port,
		   sizeof(origin->port));
	curl_url_cleanup(url);
	return fits;
}

static bool is_upgrade(const struct origin *from, const struct origin *to)
{
	return !strcmp(from->scheme, "http") && !strcmp(from->port, "80") &&
	       !strcmp(to->scheme, "https") && !strcmp(to->port, "443");
}

bool credentials_fit(const struct credentials *credentials, const char *url)
{
	struct origin from, to;

	if (!credentials->there || !find_origin(credentials->url, &from) ||
	    !find_origin(url, &to) || strcasecmp(from.host, to.host))
		return false;
	return (!strcmp(from.scheme, to.scheme) &&
		!strcmp(from.port, to.port)) || is_upgrade(&from, &to);
}
