// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/param.h>

#include "transfer.h"

#define HEADERS_MAX	65536

static bool is_good(const struct transfer *transfer)
{
	const int *status = transfer->statuses;

	while (*status && *status != transfer->answer.status)
		status++;
	return *status;
}

static void note_heard(struct transfer *transfer)
{
	transfer->last = loop_now();
	transfer->request.moved = true;
}

static size_t on_header(char *line, size_t unit, size_t count, void *context)
{
	struct transfer *transfer = context;

	(void)unit;
	note_heard(transfer);
	transfer->headers += count;
	if (transfer->headers > HEADERS_MAX) {
		verdict_headers(&transfer->verdict);
		return 0;
	}
	/* At the end of the headers; redirects are libcurl's. */
	if (answer_take(&transfer->answer, line, count) && is_good(transfer) &&
	    !transfer->ops->accept(transfer))
		return 0;
	return count;
}

static size_t on_data(char *data, size_t unit, size_t count, void *context)
{
	struct transfer *transfer = context;

	(void)unit;
	note_heard(transfer);
	if (!is_good(transfer)) {
		verdict_status(&transfer->verdict, transfer->answer.status);
		return 0;
	}
	if (!transfer->ops->take(transfer, data, count))
		return 0;
	transfer->have += count;
	return count;
}

static void limit_protocols(CURL *easy)
{
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS,
			 CURLPROTO_HTTP | CURLPROTO_HTTPS);
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS,
			 CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
}

static void set_options(struct transfer *transfer, const char *url,
			const char *user_agent)
{
	const struct config *config = transfer->config;
	CURL *easy = transfer->request.easy;

	limit_protocols(easy);
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, user_agent);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(easy, CURLOPT_MAXREDIRS, TRANSFER_REDIRECTS_MAX);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
	/* Do not wait for the thread that resolves a name when giving up. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	/* A megabyte of certificates would be kept for the next time. */
	curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, 0L);
#endif
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)config->connect_timeout);
	if (*config->ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, config->ca_file);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_data);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
}

int transfer_field(struct transfer *transfer, const char *name,
		   const char *value)
{
	struct curl_slist *longer;
	char line[256];

	snprintf(line, sizeof(line), "%s: %s", name, value);
	longer = curl_slist_append(transfer->fields, line);
	if (!longer)
		return -ENOMEM;
	transfer->fields = longer;
	return 0;
}

int transfer_prepare(struct transfer *transfer, const char *url,
		     const char *user_agent)
{
	transfer->size = 0;
	transfer->have = 0;
	transfer->headers = 0;
	transfer->asked = false;
	transfer->retry_after = 0;
	memset(&transfer->answer, 0, sizeof(transfer->answer));
	verdict_open(&transfer->verdict, url);
	transfer->request.easy = curl_easy_init();
	if (!transfer->request.easy)
		return -ENOMEM;
	set_options(transfer, url, user_agent);
	return 0;
}

int transfer_start(struct transfer *transfer)
{
	transfer->began = loop_now();
	transfer->last = transfer->began;
	loop_start(transfer->multi->loop, &transfer->silence,
		   transfer->config->stall_timeout);
	curl_easy_setopt(transfer->request.easy, CURLOPT_HTTPHEADER,
			 transfer->fields);
	return multi_add(transfer->multi, &transfer->request);
}

void transfer_stop(struct transfer *transfer)
{
	loop_cancel(transfer->multi->loop, &transfer->silence);
	multi_remove(transfer->multi, &transfer->request);
	curl_slist_free_all(transfer->fields);
	transfer->fields = NULL;
}

static void note_retry_after(struct transfer *transfer)
{
	curl_off_t seconds = 0;

	curl_easy_getinfo(transfer->request.easy, CURLINFO_RETRY_AFTER, &seconds);
	transfer->retry_after = seconds > 0 ? (uint64_t)seconds : 0;
}

/* Less has come than was announced. */
static bool is_short(const struct transfer *transfer, CURLcode code)
{
	if (code)
		return code == CURLE_PARTIAL_FILE;
	return is_good(transfer) && transfer->size &&
	       transfer->have != transfer->size;
}

static void judge(struct transfer *transfer, CURLcode code)
{
	struct verdict *verdict = &transfer->verdict;
	int status = transfer->answer.status;

	if (is_short(transfer, code))
		verdict_short(verdict, transfer->have, transfer->size);
	else if (code)
		verdict_error(verdict, code, status);
	else if (!is_good(transfer))
		verdict_status(verdict, status);
	else if (!transfer->have && status != 304)
		verdict_note(verdict, TRANSFER_FAILED, ENODATA,
			     "%s sent an empty file", verdict->host);
	else
		verdict_note(verdict, TRANSFER_COMPLETE, 0, "complete");
}

static void on_ended(void *context, CURLcode code)
{
	struct transfer *transfer = context;

	note_retry_after(transfer);
	judge(transfer, code);
	transfer_stop(transfer);
	transfer->heard(transfer->context);
}

static void on_moved(void *context)
{
	const struct transfer *transfer = context;

	transfer->heard(transfer->context);
}

/* Until the request is on its way curl itself watches how long that takes. */
static void note_asked(struct transfer *transfer)
{
	curl_off_t until_asked = 0;

	if (transfer->asked)
		return;
	curl_easy_getinfo(transfer->request.easy, CURLINFO_PRETRANSFER_TIME_T,
			  &until_asked);
	if (until_asked <= 0)
		return;
	transfer->asked = true;
	transfer->last = MAX(transfer->last, transfer->began +
			     (uint64_t)until_asked / 1000);
}

/* How long until the server must be heard of, in milliseconds; 0: too late. */
static uint64_t patience(const struct transfer *transfer)
{
	uint64_t limit = transfer->config->stall_timeout;
	uint64_t silent;

	if (!transfer->asked)
		return limit;
	/* After a redirect there may be another connecting to wait for. */
	if (!is_good(transfer))
		limit += transfer->config->connect_timeout;
	silent = loop_now() - transfer->last;
	return silent < limit ? limit - silent : 0;
}

static void on_silence(void *context)
{
	struct transfer *transfer = context;
	uint64_t left;

	note_asked(transfer);
	left = patience(transfer);
	if (left) {
		loop_start(transfer->multi->loop, &transfer->silence, left);
		return;
	}
	verdict_note(&transfer->verdict, TRANSFER_BROKEN, ETIMEDOUT,
		     "nothing came from %s for %" PRIu64 " s",
		     transfer->verdict.host,
		     (loop_now() - transfer->last + 500) / 1000);
	transfer_stop(transfer);
	transfer->heard(transfer->context);
}

void transfer_open(struct transfer *transfer, struct multi *multi,
		   const struct config *config, const struct transfer_ops *ops,
		   void (*heard)(void *context), void *context)
{
	memset(transfer, 0, sizeof(*transfer));
	transfer->multi = multi;
	transfer->config = config;
	transfer->ops = ops;
	transfer->heard = heard;
	transfer->context = context;
	transfer->request.on_moved = on_moved;
	transfer->request.on_ended = on_ended;
	transfer->request.context = transfer;
	transfer->silence.call = on_silence;
	transfer->silence.context = transfer;
}
