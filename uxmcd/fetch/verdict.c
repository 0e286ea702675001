// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "verdict.h"

void verdict(struct transfer *transfer, enum transfer_result result, int error,
	     const char *format, ...)
{
	va_list args;

	if (transfer->result != TRANSFER_RUNNING)
		return;
	transfer->result = result;
	transfer->error = error;
	va_start(args, format);
	vsnprintf(transfer->sentence, sizeof(transfer->sentence), format, args);
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

void verdict_status(struct transfer *transfer)
{
	int status = transfer->answer.status;

	verdict(transfer, is_passing(status) ? TRANSFER_BROKEN : TRANSFER_FAILED,
		status == 404 || status == 410 ? ENOENT : EREMOTEIO,
		"%s answered %d%s", transfer->host, status,
		status_name(status));
}

void verdict_head(struct transfer *transfer)
{
	verdict(transfer, TRANSFER_FAILED, EMSGSIZE, "%s sends too many headers",
		transfer->host);
}

void verdict_short(struct transfer *transfer)
{
	if (transfer->size)
		verdict(transfer, TRANSFER_BROKEN, EPIPE,
			"%s sent %" PRIu64 " of the %" PRIu64 " bytes that it announced",
			transfer->host, transfer->have, transfer->size);
	verdict(transfer, TRANSFER_BROKEN, EPIPE,
		"%s broke off after %" PRIu64 " bytes", transfer->host,
		transfer->have);
}

/* Where to go on is known after a redirect only. */
static void verdict_protocol(struct transfer *transfer)
{
	if (transfer->answer.status >= 300 && transfer->answer.status < 400)
		verdict(transfer, TRANSFER_FAILED, EPROTONOSUPPORT,
			"%s redirects to something other than http and https",
			transfer->host);
	verdict(transfer, TRANSFER_FAILED, EPROTO, "%s does not speak HTTP",
		transfer->host);
}

void verdict_error(struct transfer *transfer, CURLcode code)
{
	switch (code) {
	case CURLE_PARTIAL_FILE:
		verdict_short(transfer);
		break;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		verdict(transfer, TRANSFER_BROKEN, EHOSTUNREACH,
			"the name of %s cannot be resolved", transfer->host);
		break;
	case CURLE_COULDNT_CONNECT:
		verdict(transfer, TRANSFER_BROKEN, ECONNREFUSED,
			"no connection to %s could be made", transfer->host);
		break;
	case CURLE_OPERATION_TIMEDOUT:
		verdict(transfer, TRANSFER_BROKEN, ETIMEDOUT,
			transfer->answer.status ?
			"%s did not send all of it in time" :
			"%s cannot be reached in time", transfer->host);
		break;
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_GOT_NOTHING:
		verdict(transfer, TRANSFER_BROKEN, ECONNRESET,
			"the connection to %s broke", transfer->host);
		break;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		verdict_protocol(transfer);
		break;
	case CURLE_OUT_OF_MEMORY:
		/* That is what curl says of a line without an end. */
		verdict_head(transfer);
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
		verdict(transfer, TRANSFER_FAILED, EKEYREJECTED,
			"%s: its certificate is not trusted: see ca_file in uxmcd.conf",
			transfer->host);
		break;
	case CURLE_TOO_MANY_REDIRECTS:
		verdict(transfer, TRANSFER_FAILED, ELOOP,
			"%s redirects more than %ld times", transfer->host,
			TRANSFER_REDIRECTS_MAX);
		break;
	default:
		verdict(transfer, TRANSFER_FAILED, EIO, "%s: %s", transfer->host,
			curl_easy_strerror(code));
		break;
	}
}
