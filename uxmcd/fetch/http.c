// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "http.h"
#include "loop.h"
#include "text.h"

#define HEADERS_MAX	65536
#define BUFFER_SIZE	65536L

static bool is_good(const struct http *http)
{
	const int *status = http->statuses;

	while (*status && *status != http->answer.status)
		status++;
	return *status;
}

static bool is_redirect(const struct http *http)
{
	return http->answer.status / 100 == 3 && http->answer.status != 304;
}

void http_heard(struct http *http)
{
	http->heard = loop_now();
}

/* What follows the body of an answer in chunks are no headers of it any more. */
static bool take_line(struct http *http, const char *line, size_t length)
{
	if (http->accepted || !answer_take(&http->answer, line, length))
		return true;
	if (is_redirect(http))
		return http->ops->redirected(http);
	http->accepted = is_good(http);
	return !http->accepted || http->ops->accept(http);
}

static size_t on_header(char *line, size_t unit, size_t count, void *context)
{
	struct http *http = context;

	(void)unit;
	http_heard(http);
	http->header_bytes += count;
	if (http->header_bytes > HEADERS_MAX) {
		verdict_headers(&http->verdict);
		return 0;
	}
	return take_line(http, line, count) ? count : 0;
}

static size_t on_data(char *data, size_t unit, size_t count, void *context)
{
	struct http *http = context;

	(void)unit;
	if (!is_good(http)) {
		verdict_status(&http->verdict, http->answer.status);
		return 0;
	}
	if (!http->ops->take(http, data, count))
		return 0;
	http->have += count;
	http_heard(http);
	return count;
}

/* The first that cannot be set is kept, and ends it. */
void http_set_number(struct http *http, CURLoption option, long value)
{
	if (!http->code)
		http->code = curl_easy_setopt(http->easy, option, value);
}

static void set_pointer(struct http *http, CURLoption option, void *value)
{
	if (!http->code)
		http->code = curl_easy_setopt(http->easy, option, value);
}

void http_set_text(struct http *http, CURLoption option, const char *value)
{
	if (!http->code)
		http->code = curl_easy_setopt(http->easy, option, value);
}

static void set_function(struct http *http, CURLoption option,
			 curl_write_callback function)
{
	if (!http->code)
		http->code = curl_easy_setopt(http->easy, option, function);
}

static void limit_protocols(struct http *http)
{
#if LIBCURL_VERSION_NUM >= 0x075500
	http_set_text(http, CURLOPT_PROTOCOLS_STR, "http,https");
	http_set_text(http, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
	http_set_number(http, CURLOPT_PROTOCOLS,
			CURLPROTO_HTTP | CURLPROTO_HTTPS);
	http_set_number(http, CURLOPT_REDIR_PROTOCOLS,
			CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
}

static void set_options(struct http *http)
{
	const struct fetchwire_request *request = http->request;

	limit_protocols(http);
	http_set_text(http, CURLOPT_URL, request->url);
	http_set_text(http, CURLOPT_USERAGENT, request->user_agent);
	http_set_number(http, CURLOPT_FOLLOWLOCATION, 1);
	http_set_number(http, CURLOPT_MAXREDIRS, HTTPVERDICT_REDIRECTS_MAX);
	http_set_number(http, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	http_set_number(http, CURLOPT_FORBID_REUSE, 1);
	http_set_number(http, CURLOPT_NOSIGNAL, 1);
	http_set_number(http, CURLOPT_BUFFERSIZE, BUFFER_SIZE);
	http_set_number(http, CURLOPT_CONNECTTIMEOUT_MS,
			(long)request->connect_timeout);
	if (*request->ca_file)
		http_set_text(http, CURLOPT_CAINFO, request->ca_file);
	set_function(http, CURLOPT_HEADERFUNCTION, on_header);
	set_pointer(http, CURLOPT_HEADERDATA, http);
	set_function(http, CURLOPT_WRITEFUNCTION, on_data);
	set_pointer(http, CURLOPT_WRITEDATA, http);
}

void http_open(struct http *http)
{
	verdict_open(&http->verdict, http->request->url);
	http->code = curl_global_init(CURL_GLOBAL_DEFAULT);
	if (http->code)
		return;
	http->multi = curl_multi_init();
	http->easy = curl_easy_init();
	if (!http->multi || !http->easy)
		http->code = CURLE_FAILED_INIT;
	else
		set_options(http);
}

void http_header(struct http *http, const char *name, const char *value)
{
	struct curl_slist *longer;
	char line[256];

	text_format(line, sizeof(line), "%s: %s", name, value);
	longer = curl_slist_append(http->headers, line);
	if (longer)
		http->headers = longer;
	else if (!http->code)
		http->code = CURLE_FAILED_INIT;
}

static void note_retry_after(struct http *http)
{
	curl_off_t seconds = 0;

	curl_easy_getinfo(http->easy, CURLINFO_RETRY_AFTER, &seconds);
	http->retry_after = seconds > 0 ? (uint64_t)seconds : 0;
}

static bool is_short(const struct http *http)
{
	return is_good(http) && http->size && http->have != http->size;
}

static void judge(struct http *http, CURLcode code)
{
	struct verdict *verdict = &http->verdict;
	int status = http->answer.status;

	if (code == CURLE_PARTIAL_FILE || (!code && is_short(http)))
		verdict_short(verdict, http->have, http->size);
	else if (code)
		verdict_error(verdict, code, status);
	else if (!is_good(http))
		verdict_status(verdict, status);
	else if (!http->have && status != 304)
		verdict_note(verdict, VERDICT_FAILED, ENODATA,
			     "%s sent an empty file", verdict->host);
	else
		verdict_note(verdict, VERDICT_COMPLETE, 0, "complete");
}

/* Until the request is on its way curl itself watches how long that takes. */
static void note_asked(struct http *http)
{
	curl_off_t until_asked = 0;

	if (http->asked)
		return;
	curl_easy_getinfo(http->easy, CURLINFO_PRETRANSFER_TIME_T,
			  &until_asked);
	http->asked = until_asked > 0;
	http_heard(http);
}

/* How long until the server must be heard of, in milliseconds; 0: too late. */
static uint64_t patience(const struct http *http)
{
	uint64_t limit = http->request->stall_timeout;
	uint64_t silent;

	if (!http->asked)
		return limit;
	/* After a redirect there may be another connecting to wait for. */
	if (!is_good(http))
		limit += http->request->connect_timeout;
	silent = loop_now() - http->heard;
	return silent < limit ? limit - silent : 0;
}

static void give_up(struct http *http)
{
	verdict_note(&http->verdict, VERDICT_BROKEN, ETIMEDOUT,
		     "nothing came from %s for %" PRIu64 " s",
		     http->verdict.host,
		     (loop_now() - http->heard + 500) / 1000);
}

/* Does what can be done without waiting; true: it has not ended. */
static bool perform(struct http *http)
{
	struct CURLMsg *message;
	int running, left;

	if (curl_multi_perform(http->multi, &running)) {
		judge(http, CURLE_FAILED_INIT);
		return false;
	}
	note_asked(http);
	if (running)
		return true;
	message = curl_multi_info_read(http->multi, &left);
	note_retry_after(http);
	judge(http, message ? message->data.result : CURLE_FAILED_INIT);
	return false;
}

/* True: something may have come from the server. */
static bool wait(struct http *http, int watched)
{
	struct curl_waitfd uxmcd = { .fd = watched, .events = CURL_WAIT_POLLIN };
	uint64_t limit = patience(http);

	if (!limit) {
		give_up(http);
		return false;
	}
	if (curl_multi_poll(http->multi, &uxmcd, 1, (int)limit, NULL)) {
		judge(http, CURLE_FAILED_INIT);
		return false;
	}
	/* Nothing is expected there: it can only have been closed. */
	return !uxmcd.revents;
}

void http_run(struct http *http, int watched)
{
	if (!http->code)
		http->code = curl_easy_setopt(http->easy, CURLOPT_HTTPHEADER,
					      http->headers);
	if (!http->code &&
	    curl_multi_add_handle(http->multi, http->easy))
		http->code = CURLE_FAILED_INIT;
	if (http->code) {
		judge(http, http->code);
		return;
	}
	while (perform(http))
		if (!http->ops->pause(http) || !wait(http, watched))
			return;
}
