// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "verdict.h"

void verdict(struct fetch *fetch, enum fetch_result result, int error,
	     const char *format, ...)
{
	va_list args;

	if (fetch->result != FETCH_RUNNING)
		return;
	fetch->result = result;
	fetch->error = error;
	va_start(args, format);
	vsnprintf(fetch->sentence, sizeof(fetch->sentence), format, args);
	va_end(args);
}

static const char *status_name(int status)
{
	switch (status) {
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

void verdict_status(struct fetch *fetch)
{
	int status = fetch->answer.status;

	/* What there is of the image does not fit the server's any more. */
	if (status == 416 && fetch->image->size) {
		image_rewind(fetch->image);
		verdict(fetch, FETCH_BROKEN, EAGAIN,
			"%s has another image there now", fetch->host);
	}
	verdict(fetch, is_passing(status) ? FETCH_BROKEN : FETCH_FAILED,
		status == 404 || status == 410 ? ENOENT : EREMOTEIO,
		"%s answered %d%s", fetch->host, status,
		status_name(status));
}

void verdict_head(struct fetch *fetch)
{
	verdict(fetch, FETCH_FAILED, EMSGSIZE, "%s sends too many headers",
		fetch->host);
}

static void verdict_short(struct fetch *fetch)
{
	if (fetch->size)
		verdict(fetch, FETCH_BROKEN, EPIPE,
			"%s sent %" PRIu64 " of the %" PRIu64 " bytes that it announced",
			fetch->host, fetch->image->size, fetch->size);
	verdict(fetch, FETCH_BROKEN, EPIPE,
		"%s broke off after %" PRIu64 " bytes", fetch->host,
		fetch->image->size);
}

/* All of it has come, as far as can be told. */
void verdict_transfer(struct fetch *fetch)
{
	uint64_t have = fetch->image->size;

	if (fetch->answer.status != 200 && fetch->answer.status != 206) {
		verdict_status(fetch);
		return;
	}
	if (fetch->size && have != fetch->size)
		verdict_short(fetch);
	if (!have)
		verdict(fetch, FETCH_FAILED, ENODATA, "%s sent an empty file",
			fetch->host);
	verdict(fetch, FETCH_COMPLETE, 0, "complete");
}

/* Where to go on is known after a redirect only. */
static void verdict_protocol(struct fetch *fetch)
{
	if (fetch->answer.status >= 300 && fetch->answer.status < 400)
		verdict(fetch, FETCH_FAILED, EPROTONOSUPPORT,
			"%s redirects to something other than http and https",
			fetch->host);
	verdict(fetch, FETCH_FAILED, EPROTO, "%s does not speak HTTP",
		fetch->host);
}

void verdict_error(struct fetch *fetch, CURLcode code)
{
	switch (code) {
	case CURLE_PARTIAL_FILE:
		verdict_short(fetch);
		break;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		verdict(fetch, FETCH_BROKEN, EHOSTUNREACH,
			"the name of %s cannot be resolved", fetch->host);
		break;
	case CURLE_COULDNT_CONNECT:
		verdict(fetch, FETCH_BROKEN, ECONNREFUSED,
			"no connection to %s could be made", fetch->host);
		break;
	case CURLE_OPERATION_TIMEDOUT:
		verdict(fetch, FETCH_BROKEN, ETIMEDOUT,
			"%s cannot be reached in time", fetch->host);
		break;
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_GOT_NOTHING:
		verdict(fetch, FETCH_BROKEN, ECONNRESET,
			"the connection to %s broke", fetch->host);
		break;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		verdict_protocol(fetch);
		break;
	case CURLE_OUT_OF_MEMORY:
		/* That is what curl says of a line without an end. */
		verdict_head(fetch);
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
		verdict(fetch, FETCH_FAILED, EKEYREJECTED,
			"%s: its certificate is not trusted: see ca_file in uxmcd.conf",
			fetch->host);
		break;
	case CURLE_TOO_MANY_REDIRECTS:
		verdict(fetch, FETCH_FAILED, ELOOP,
			"%s redirects more than %ld times", fetch->host,
			FETCH_REDIRECTS_MAX);
		break;
	default:
		verdict(fetch, FETCH_FAILED, EIO, "%s: %s", fetch->host,
			curl_easy_strerror(code));
		break;
	}
}
