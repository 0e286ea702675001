// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>

#include "httpverdict.h"

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
	default:
		return "";
	}
}

static bool is_passing(int status)
{
	return status >= 500 || status == 408 || status == 429;
}

void verdict_status(struct verdict *verdict, int status)
{
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

/* Only a redirect says where else to ask. */
static void verdict_protocol(struct verdict *verdict, int status)
{
	if (status >= 300 && status < 400)
		verdict_note(verdict, VERDICT_FAILED, EPROTONOSUPPORT,
			     "%s redirects to something other than http and https",
			     verdict->host);
	verdict_note(verdict, VERDICT_FAILED, EPROTO, "%s does not speak HTTP",
		     verdict->host);
}

void verdict_error(struct verdict *verdict, CURLcode code, int status)
{
	const char *host = verdict->host;

	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		verdict_note(verdict, VERDICT_BROKEN, EHOSTUNREACH,
			     "the name of %s cannot be resolved", host);
		break;
	case CURLE_COULDNT_CONNECT:
		verdict_note(verdict, VERDICT_BROKEN, ECONNREFUSED,
			     "no connection to %s could be made", host);
		break;
	case CURLE_OPERATION_TIMEDOUT:
		verdict_note(verdict, VERDICT_BROKEN, ETIMEDOUT, status ?
			     "%s did not send all of it in time" :
			     "%s cannot be reached in time", host);
		break;
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_GOT_NOTHING:
		verdict_note(verdict, VERDICT_BROKEN, ECONNRESET,
			     "the connection to %s broke", host);
		break;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		verdict_protocol(verdict, status);
		break;
	case CURLE_OUT_OF_MEMORY:
		/* That is what curl says of a line without an end. */
		verdict_headers(verdict);
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
		verdict_note(verdict, VERDICT_FAILED, EKEYREJECTED,
			     "%s: its certificate is not trusted: see ca_file in uxmcd.conf",
			     host);
		break;
	case CURLE_TOO_MANY_REDIRECTS:
		verdict_note(verdict, VERDICT_FAILED, ELOOP,
			     "%s redirects more than %ld times", host,
			     HTTPVERDICT_REDIRECTS_MAX);
		break;
	default:
		verdict_note(verdict, VERDICT_FAILED, EIO, "%s: %s", host,
			     curl_easy_strerror(code));
		break;
	}
}
