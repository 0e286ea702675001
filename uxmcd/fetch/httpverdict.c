// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "clock.h"
#include "httpverdict.h"
#include "network.h"

static const char *status_name(int status)
{
	switch (status) {
	case 203:
		return " (changed by a proxy)";
	case 206:
		return " (a part)";
	case 401:
		return " (unauthorized)";
	case 403:
		return " (forbidden)";
	case 404:
		return " (not found)";
	case 407:
		return " (proxy authentication required): see proxy in uxmcd.conf";
	case 408:
		return " (request timeout)";
	case 410:
		return " (gone)";
	case 429:
		return " (too many requests)";
	case 500:
		return " (internal server error)";
	case 502:
		return " (bad gateway)";
	case 503:
		return " (service unavailable)";
	case 504:
		return " (gateway timeout)";
	case 511:
		return " (network authentication required): sign in to the network";
	default:
		return "";
	}
}

static bool is_passing(int status)
{
	return status >= 500 || status == 408 || status == 429;
}

static void verdict_login(struct verdict *verdict, bool login)
{
	verdict_note(verdict, VERDICT_FAILED, EACCES,
		     "%s answered 401 (unauthorized): %s", verdict->host, login ?
		     "it does not take the user and password that it was given" :
		     "it wants a user and a password: set http_client_user and http_client_pass, or have them in the URL");
}

void verdict_status(struct verdict *verdict, int status, bool login)
{
	if (status == 401)
		verdict_login(verdict, login);
	verdict_note(verdict, is_passing(status) ? VERDICT_BROKEN : VERDICT_FAILED,
		     status == 404 || status == 410 ? ENOENT : EREMOTEIO,
		     "%s answered %d%s", verdict->host, status,
		     status_name(status));
}

void verdict_headers(struct verdict *verdict)
{
	verdict_note(verdict, VERDICT_FAILED, EMSGSIZE,
		     "%s sends too many headers", verdict->host);
}

void verdict_short(struct verdict *verdict, uint64_t have, uint64_t size)
{
	if (size)
		verdict_note(verdict, VERDICT_BROKEN, EPIPE,
			     "%s sent %" PRIu64 " of the %" PRIu64 " bytes that it announced",
			     verdict->host, have, size);
	verdict_note(verdict, VERDICT_BROKEN, EPIPE,
		     "%s broke off after %" PRIu64 " bytes", verdict->host,
		     have);
}

static void verdict_name(struct verdict *verdict, const char *name)
{
	if (!network_is_there())
		verdict_note(verdict, VERDICT_BROKEN, ENETUNREACH,
			     "the name of %s cannot be resolved: there is no network, or no route out of it",
			     name);
	verdict_note(verdict, VERDICT_BROKEN, EHOSTUNREACH,
		     "the name of %s cannot be resolved", name);
}

static void verdict_connect(struct verdict *verdict,
			    const struct httpfailure *failure)
{
	if (failure->error == ENETUNREACH)
		verdict_note(verdict, VERDICT_BROKEN, ENETUNREACH,
			     "no connection to %s could be made: there is no network, or no route to it",
			     verdict->host);
	verdict_note(verdict, VERDICT_BROKEN, ECONNREFUSED,
		     "no connection to %s%s could be made", verdict->host,
		     *failure->request->proxy ? ", or to proxy of uxmcd.conf," : "");
}

static void verdict_late(struct verdict *verdict,
			 const struct httpfailure *failure)
{
	if (!failure->resolved)
		verdict_note(verdict, VERDICT_BROKEN, EHOSTUNREACH,
			     "the name of %s cannot be resolved in time",
			     verdict->host);
	verdict_note(verdict, VERDICT_BROKEN, ETIMEDOUT,
		     "%s cannot be reached in time", verdict->host);
}

/* As OpenSSL and GnuTLS say it (RFC 5280, section 4.1.2.5) */
static bool is_not_valid_yet(const char *words)
{
	return strstr(words, "not yet valid") || strstr(words, "not yet activated") ||
	       strstr(words, "not activated");
}

/*
 * Of a phone without a battery the clock may begin in 1970, or when its firmware was
 * built.
 */
static void verdict_certificate(struct verdict *verdict, const char *words)
{
	char date[CLOCK_DATE_SIZE];

	if (!clock_is_set() || is_not_valid_yet(words))
		verdict_note(verdict, VERDICT_FAILED, EKEYREJECTED,
			     "the clock says %s, so the certificate of %s %s: set the clock",
			     clock_date(date), verdict->host, clock_is_set() ?
			     "is not valid yet" : "cannot be checked");
	verdict_note(verdict, VERDICT_FAILED, EKEYREJECTED,
		     "%s: its certificate is not trusted: see ca_file in uxmcd.conf",
		     verdict->host);
}

static void verdict_unreadable(struct verdict *verdict, const struct certfile *file)
{
	verdict_note(verdict, VERDICT_FAILED, EKEYREJECTED,
		     "%s of uxmcd.conf cannot be read by uxmc-fetch's user: %s: %s",
		     file->line, strerror(file->error), file->path);
}

static void verdict_ca_file(struct verdict *verdict, const char *path)
{
	if (!*path)
		verdict_note(verdict, VERDICT_FAILED, EKEYREJECTED,
			     "the system has no certificates to trust: see ca_file in uxmcd.conf");
	verdict_note(verdict, VERDICT_FAILED, EKEYREJECTED,
		     "ca_file of uxmcd.conf has no certificates in PEM form: %s",
		     path);
}

static void verdict_client_cert(struct verdict *verdict,
				const struct fetchwire_request *request)
{
	const char *key = request->client_key;

	verdict_note(verdict, VERDICT_FAILED, EKEYREJECTED,
		     "client_cert and client_key of uxmcd.conf are not a certificate in PEM form and its key, without a password: %s, %s",
		     request->client_cert, *key ? key : "the same");
}

/* A file that is in the way */
static void verdict_file(struct verdict *verdict, const struct httpfailure *failure)
{
	if (failure->bad)
		verdict_unreadable(verdict, failure->bad);
	else if (failure->code == CURLE_SSL_CERTPROBLEM)
		verdict_client_cert(verdict, failure->request);
	else
		verdict_ca_file(verdict, failure->request->ca_file);
}

/*
 * Alerts come from the server, and so what they say of certificates is about the
 * client's (RFC 8446, section 6.2): with TLS 1.3 only when the request is on its way.
 */
static bool is_about_client_cert(const char *words)
{
	return strstr(words, " alert ") && (strstr(words, "certificate") ||
					    strstr(words, "unknown ca"));
}

static void verdict_client(struct verdict *verdict, const char *client_cert)
{
	if (!*client_cert)
		verdict_note(verdict, VERDICT_FAILED, EACCES,
			     "%s wants to be shown a certificate: set client_cert and client_key in uxmcd.conf",
			     verdict->host);
	verdict_note(verdict, VERDICT_FAILED, EACCES,
		     "%s does not take the certificate of client_cert in uxmcd.conf: %s",
		     verdict->host, client_cert);
}

static void verdict_tunnel(struct verdict *verdict, int status)
{
	verdict_note(verdict, is_passing(status) ? VERDICT_BROKEN : VERDICT_FAILED,
		     ECONNREFUSED,
		     "the proxy answered %d when it was asked for %s: see proxy in uxmcd.conf",
		     status, verdict->host);
}

/* RFC 1928: it may want a login, or another one, for good; the rest may pass. */
static void verdict_proxy(struct verdict *verdict, long error)
{
	if (error == CURLPX_NO_AUTH || error == CURLPX_USER_REJECTED)
		verdict_note(verdict, VERDICT_FAILED, EACCES,
			     "the proxy wants a user and a password, or others: see proxy in uxmcd.conf");
	verdict_note(verdict, VERDICT_BROKEN, ECONNREFUSED,
		     "the proxy did not connect to %s: see proxy in uxmcd.conf",
		     verdict->host);
}

void verdict_error(struct verdict *verdict, const struct httpfailure *failure)
{
	const char *host = verdict->host;

	if (failure->tunnel >= 300)
		verdict_tunnel(verdict, (int)failure->tunnel);
	if (is_about_client_cert(failure->words))
		verdict_client(verdict, failure->request->client_cert);
	switch (failure->code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		verdict_name(verdict, host);
		break;
	case CURLE_COULDNT_RESOLVE_PROXY:
		verdict_name(verdict, "proxy in uxmcd.conf");
		break;
	case CURLE_PROXY:
		verdict_proxy(verdict, failure->proxy);
		break;
	case CURLE_COULDNT_CONNECT:
		verdict_connect(verdict, failure);
		break;
	case CURLE_OPERATION_TIMEDOUT:
		verdict_late(verdict, failure);
		break;
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_GOT_NOTHING:
		verdict_note(verdict, VERDICT_BROKEN, ECONNRESET,
			     "the connection to %s broke", host);
		break;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		verdict_note(verdict, VERDICT_FAILED, EPROTO,
			     "%s does not speak HTTP", host);
		break;
	case CURLE_OUT_OF_MEMORY:
		/* That is what curl says of a line without an end. */
		verdict_headers(verdict);
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
		verdict_certificate(verdict, failure->words);
		break;
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CACERT_BADFILE:
		verdict_file(verdict, failure);
		break;
	default:
		verdict_note(verdict, VERDICT_FAILED, EIO, "%s: %s", host,
			     curl_easy_strerror(failure->code));
		break;
	}
}
