// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/param.h>
#include <time.h>

#include "http.h"
#include "httpverdict.h"
#include "loop.h"
#include "text.h"

#define HEADERS_MAX	65536

static bool is_good(const struct http *http)
{
	const int *status = http->statuses;

	while (*status && *status != http->answer.status)
		status++;
	return *status;
}

/* RFC 9110, section 15.4: those that say where to go on with a GET */
static bool is_redirect(const struct answer *answer)
{
	switch (answer->status) {
	case 301:
	case 302:
	case 303:
	case 307:
	case 308:
		return *answer->location;
	default:
		return false;
	}
}

/* What follows the body of an answer in chunks are no headers of it any more. */
static bool take_line(struct http *http, const char *line, size_t length)
{
	if (http->accepted || !answer_take(&http->answer, line, length))
		return true;
	http->leads = is_redirect(&http->answer);
	if (http->leads)
		return false;
	http->accepted = is_good(http);
	http->pace.answered = http->accepted;
	return !http->accepted || http->ops->accept(http);
}

static size_t on_header(char *line, size_t unit, size_t count, void *context)
{
	struct http *http = context;

	(void)unit;
	pace_hear(&http->pace, count, loop_now());
	http->header_bytes += count;
	if (http->header_bytes > HEADERS_MAX) {
		verdict_headers(&http->verdict);
		return 0;
	}
	return take_line(http, line, count) ? count : 0;
}

static void note_status(struct http *http)
{
	bool login = url_has_login(http->hop.url) ||
		     credentials_fit(&http->credentials, http->hop.url);

	verdict_status(&http->verdict, http->answer.status, login);
}

static size_t on_data(char *data, size_t unit, size_t count, void *context)
{
	struct http *http = context;

	(void)unit;
	if (!is_good(http)) {
		note_status(http);
		return 0;
	}
	if (!http->ops->take(http, data, count))
		return 0;
	http->have += count;
	pace_hear(&http->pace, count, loop_now());
	return count;
}

void http_open(struct http *http)
{
	verdict_open(&http->verdict, http->request->url);
	hop_begin(&http->hop, http->request->url);
	pace_begin(&http->pace, http->request, loop_now());
	credentials_take(&http->credentials, http->request);
	http->options.code = curl_global_init(CURL_GLOBAL_DEFAULT);
	if (!http->options.code) {
		http->multi = curl_multi_init();
		if (!http->multi)
			http->options.code = CURLE_FAILED_INIT;
	}
}

void http_header(struct http *http, const char *name, const char *value)
{
	struct curl_slist *longer;
	char line[256];

	text_format(line, sizeof(line), "%s: %s", name, value);
	longer = curl_slist_append(http->headers, line);
	if (longer)
		http->headers = longer;
	else if (!http->options.code)
		http->options.code = CURLE_FAILED_INIT;
}

/*
 * A number of seconds, or a date (RFC 9110, section 10.2.3), which is compared with
 * the server's own clock: the one here may be wrong.
 */
static void note_retry_after(struct http *http)
{
	const struct answer *answer = &http->answer;
	time_t now = curl_getdate(answer->date, NULL);
	time_t date = curl_getdate(answer->retry_after, NULL);
	uint64_t seconds = 0;

	if (text_number(answer->retry_after, UINT32_MAX, &seconds) == -ERANGE)
		seconds = UINT32_MAX;
	else if (!seconds && date > 0)
		seconds = (uint64_t)(date - MIN(date, now > 0 ? now : time(NULL)));
	http->retry_after = seconds;
}

static bool is_short(const struct http *http)
{
	return is_good(http) && http->size && http->have != http->size;
}

static void note_error(struct http *http, CURLcode code)
{
	struct httpfailure failure = {
		.code = code,
		.status = http->answer.status,
		.words = http->error,
		.request = http->request,
	};
	curl_off_t resolved = 0;
	struct certfile bad;

	if (http->options.easy) {
		curl_easy_getinfo(http->options.easy, CURLINFO_NAMELOOKUP_TIME_T,
				  &resolved);
		curl_easy_getinfo(http->options.easy, CURLINFO_HTTP_CONNECTCODE,
				  &failure.tunnel);
		curl_easy_getinfo(http->options.easy, CURLINFO_PROXY_ERROR,
				  &failure.proxy);
		curl_easy_getinfo(http->options.easy, CURLINFO_OS_ERRNO,
				  &failure.error);
	}
	failure.resolved = resolved > 0;
	if (certfile_find_bad(&bad, http->request))
		failure.bad = &bad;
	verdict_error(&http->verdict, &failure);
}

static void judge(struct http *http, CURLcode code)
{
	struct verdict *verdict = &http->verdict;

	if (code == CURLE_PARTIAL_FILE || (!code && is_short(http)))
		verdict_short(verdict, http->have, http->size);
	else if (code)
		note_error(http, code);
	else if (!is_good(http))
		note_status(http);
	else if (!http->have && http->answer.status != 304)
		verdict_note(verdict, VERDICT_FAILED, ENODATA,
			     "%s sent an empty file", verdict->host);
	else
		verdict_note(verdict, VERDICT_COMPLETE, 0, "complete");
}

/* Until the request is on its way curl itself watches how long that takes. */
static void note_asked(struct http *http)
{
	curl_off_t until_asked = 0;

	if (http->pace.asked)
		return;
	curl_easy_getinfo(http->options.easy, CURLINFO_PRETRANSFER_TIME_T,
			  &until_asked);
	http->pace.asked = until_asked > 0;
	pace_listen(&http->pace, loop_now());
}

static void give_up(struct http *http)
{
	struct verdict *verdict = &http->verdict;
	uint64_t now = loop_now();

	if (pace_is_over(&http->pace, now))
		verdict_note(verdict, VERDICT_BROKEN, ETIMEDOUT,
			     "%s did not send all of it in time",
			     verdict->host);
	verdict_note(verdict, VERDICT_BROKEN, ETIMEDOUT,
		     "nothing came from %s for %" PRIu64 " s", verdict->host,
		     (now - http->pace.heard + 500) / 1000);
}

static void note_slow(struct http *http)
{
	verdict_note(&http->verdict, VERDICT_BROKEN, ETIMEDOUT,
		     "%s sends less than the %u bytes a second of rate_min in uxmcd.conf",
		     http->verdict.host, http->request->rate_min);
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
	if (http->leads)
		return false;
	if (!is_good(http))
		note_retry_after(http);
	judge(http, message ? message->data.result : CURLE_FAILED_INIT);
	return false;
}

/* True: something may have come from the server. */
static bool wait(struct http *http, int watched)
{
	struct curl_waitfd uxmcd = { .fd = watched, .events = CURL_WAIT_POLLIN };
	uint64_t begun = loop_now(), left = pace_left(&http->pace, begun);

	if (!left) {
		give_up(http);
		return false;
	}
	if (curl_multi_poll(http->multi, &uxmcd, 1, (int)left, NULL)) {
		judge(http, CURLE_FAILED_INIT);
		return false;
	}
	pace_wait(&http->pace, loop_now() - begun);
	if (pace_is_slow(&http->pace)) {
		note_slow(http);
		return false;
	}
	/* Nothing is expected there: it can only have been closed. */
	return !uxmcd.revents;
}

static void set_options(struct http *http)
{
	struct httpoptions *options = &http->options;

	httpoptions_set(options, http->request, &http->credentials,
			http->hop.url);
	if (*http->range)
		httpoptions_text(options, CURLOPT_RANGE, http->range);
	httpoptions_pointer(options, CURLOPT_ERRORBUFFER, http->error);
	httpoptions_pointer(options, CURLOPT_HTTPHEADER, http->headers);
	httpoptions_function(options, CURLOPT_HEADERFUNCTION, on_header);
	httpoptions_pointer(options, CURLOPT_HEADERDATA, http);
	httpoptions_function(options, CURLOPT_WRITEFUNCTION, on_data);
	httpoptions_pointer(options, CURLOPT_WRITEDATA, http);
}

/* False: what the code says is in the way. */
static bool open_hop(struct http *http)
{
	struct httpoptions *options = &http->options;

	pace_connect(&http->pace);
	http->leads = false;
	*http->error = '\0';
	if (options->code)
		return false;
	options->easy = curl_easy_init();
	if (options->easy)
		set_options(http);
	else
		options->code = CURLE_FAILED_INIT;
	if (!options->code &&
	    curl_multi_add_handle(http->multi, options->easy))
		options->code = CURLE_FAILED_INIT;
	return !options->code;
}

static void run_hop(struct http *http, int watched)
{
	if (!open_hop(http)) {
		judge(http, http->options.code);
		return;
	}
	while (perform(http))
		if (!http->ops->pause(http) || !wait(http, watched))
			return;
}

/* Each request has all of libcurl's state anew: none is for the next server. */
static void close_hop(struct http *http)
{
	if (http->options.easy && http->multi)
		curl_multi_remove_handle(http->multi, http->options.easy);
	curl_easy_cleanup(http->options.easy);
	http->options.easy = NULL;
}

/* True: there is another request to make. */
static bool follow(struct http *http)
{
	struct verdict *verdict = &http->verdict;

	if (!http->leads || verdict->result != VERDICT_RUNNING ||
	    !hop_follow(&http->hop, http->answer.location, verdict))
		return false;
	url_host(http->hop.url, verdict->host, sizeof(verdict->host));
	return http->ops->redirected(http);
}

void http_run(struct http *http, int watched)
{
	do {
		run_hop(http, watched);
		close_hop(http);
	} while (follow(http));
}

bool http_is_overloaded(const struct http *http)
{
	return http->answer.status == 503 || http->answer.status == 429;
}
