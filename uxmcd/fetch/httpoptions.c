// SPDX-License-Identifier: GPL-2.0-or-later
#include "httpoptions.h"

#define BUFFER_SIZE	65536L

/* The server chooses; Digest if it offers both, and nothing before it has asked. */
#define AUTHENTICATION	((long)(CURLAUTH_BASIC | CURLAUTH_DIGEST))

static void set_number(struct httpoptions *options, CURLoption option, long value)
{
	if (!options->code)
		options->code = curl_easy_setopt(options->easy, option, value);
}

void httpoptions_text(struct httpoptions *options, CURLoption option, const char *value)
{
	if (!options->code)
		options->code = curl_easy_setopt(options->easy, option, value);
}

void httpoptions_pointer(struct httpoptions *options, CURLoption option, void *value)
{
	if (!options->code)
		options->code = curl_easy_setopt(options->easy, option, value);
}

void httpoptions_function(struct httpoptions *options, CURLoption option,
			  curl_write_callback function)
{
	if (!options->code)
		options->code = curl_easy_setopt(options->easy, option, function);
}

/* Redirects are followed by hop.c, which looks where they lead. */
static void limit_protocols(struct httpoptions *options, const char *url)
{
	bool secure = url_is_secure(url);

	set_number(options, CURLOPT_FOLLOWLOCATION, 0);
#if LIBCURL_VERSION_NUM >= 0x075500
	httpoptions_text(options, CURLOPT_PROTOCOLS_STR,
			 secure ? "https" : "http");
#else
	set_number(options, CURLOPT_PROTOCOLS, secure ? CURLPROTO_HTTPS : CURLPROTO_HTTP);
#endif
}

static void set_tls(struct httpoptions *options,
		    const struct fetchwire_request *request)
{
	if (*request->ca_file)
		httpoptions_text(options, CURLOPT_CAINFO, request->ca_file);
	if (!*request->client_cert)
		return;
	httpoptions_text(options, CURLOPT_SSLCERT, request->client_cert);
	if (*request->client_key)
		httpoptions_text(options, CURLOPT_SSLKEY, request->client_key);
	/* A key that wants one is refused, instead of somebody being asked for it. */
	httpoptions_text(options, CURLOPT_KEYPASSWD, "");
}

/* Those in the environment are somebody else's. */
static void set_proxy(struct httpoptions *options,
		      const struct fetchwire_request *request)
{
	httpoptions_text(options, CURLOPT_PROXY, request->proxy);
	httpoptions_text(options, CURLOPT_NOPROXY, request->no_proxy);
	set_number(options, CURLOPT_PROXYAUTH, AUTHENTICATION);
	/* What a proxy says of its tunnel is no answer of the server's. */
	set_number(options, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1);
}

static void set_credentials(struct httpoptions *options,
			    const struct credentials *credentials,
			    const char *url)
{
	set_number(options, CURLOPT_HTTPAUTH, AUTHENTICATION);
	if (url_has_login(url) || !credentials_fit(credentials, url))
		return;
	httpoptions_text(options, CURLOPT_USERNAME, credentials->user);
	httpoptions_text(options, CURLOPT_PASSWORD, credentials->password);
}

void httpoptions_set(struct httpoptions *options,
		     const struct fetchwire_request *request,
		     const struct credentials *credentials, const char *url)
{
	limit_protocols(options, url);
	set_tls(options, request);
	set_proxy(options, request);
	set_credentials(options, credentials, url);
	httpoptions_text(options, CURLOPT_URL, url);
	httpoptions_text(options, CURLOPT_USERAGENT, request->user_agent);
	set_number(options, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	set_number(options, CURLOPT_FORBID_REUSE, 1);
	set_number(options, CURLOPT_NOSIGNAL, 1);
	set_number(options, CURLOPT_BUFFERSIZE, BUFFER_SIZE);
	set_number(options, CURLOPT_CONNECTTIMEOUT_MS,
		   (long)request->connect_timeout);
}
