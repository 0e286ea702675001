// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fetch.h"
#include "sentence.h"
#include "text.h"
#include "timer.h"
#include "verdict.h"

#define HEAD_MAX	65536

static bool differ(const char *one, const char *other)
{
	return *one && *other && strcmp(one, other);
}

/* The part is gone on with only if these are its next bytes, beyond doubt. */
static bool continues_part(const struct fetch *fetch)
{
	const struct answer *answer = &fetch->answer;

	return answer->has_range && answer->range.first == fetch->image->size &&
	       answer->range.total == fetch->size &&
	       answer->range.last + 1 == fetch->size &&
	       !differ(answer->etag, fetch->part.etag) &&
	       !differ(answer->modified, fetch->part.modified);
}

static bool accept_part(struct fetch *fetch)
{
	if (continues_part(fetch))
		return true;
	image_rewind(fetch->image);
	verdict(fetch, FETCH_BROKEN, EAGAIN,
		"%s answered with another part of the image than was asked for",
		fetch->host);
	return false;
}

static bool accept_whole(struct fetch *fetch)
{
	const struct answer *answer = &fetch->answer;

	if (fetch->image->size && image_rewind(fetch->image)) {
		verdict(fetch, FETCH_FAILED, EIO,
			"the part that is there cannot be emptied");
		return false;
	}
	fetch->size = answer->has_length ? answer->length : 0;
	if (answer->has_length && !answer->length) {
		verdict(fetch, FETCH_FAILED, ENODATA,
			"%s sent an empty file", fetch->host);
		return false;
	}
	return true;
}

static bool check_size(struct fetch *fetch)
{
	uint64_t max = fetch->config->image_size_max;

	if (fetch->size <= max)
		return true;
	verdict(fetch, FETCH_FAILED, EFBIG, SENTENCE_TOO_LARGE("image"),
		fetch->size, max);
	return false;
}

static bool check_room(struct fetch *fetch)
{
	uint64_t room, wanted = fetch->size - fetch->image->size;

	if (!fetch->size || image_room(fetch->image, &room) || room >= wanted)
		return true;
	verdict(fetch, FETCH_FAILED, ENOSPC, SENTENCE_NO_ROOM,
		fetch->config->state_dir, wanted, room);
	return false;
}

/* The head of the last answer is in; redirects have been followed. */
static bool accept_answer(struct fetch *fetch)
{
	bool part = fetch->answer.status == 206;

	if (part ? !accept_part(fetch) : !accept_whole(fetch))
		return false;
	if (!check_size(fetch) || !check_room(fetch))
		return false;
	fetch->answered = true;
	return true;
}

static size_t on_header(char *line, size_t unit, size_t count, void *context)
{
	struct fetch *fetch = context;
	int status;

	(void)unit;
	fetch->heard = timer_now();
	fetch->head += count;
	if (fetch->head > HEAD_MAX) {
		verdict_head(fetch);
		return 0;
	}
	if (!answer_take(&fetch->answer, line, count))
		return count;
	status = fetch->answer.status;
	if ((status == 200 || status == 206) && !accept_answer(fetch))
		return 0;
	return count;
}

static size_t on_data(char *data, size_t unit, size_t count, void *context)
{
	struct fetch *fetch = context;
	uint64_t max = fetch->config->image_size_max;
	int ret;

	(void)unit;
	fetch->heard = timer_now();
	if (fetch->answer.status != 200 && fetch->answer.status != 206) {
		verdict_status(fetch);
		return 0;
	}
	if (fetch->image->size + count > max) {
		verdict(fetch, FETCH_FAILED, EFBIG,
			"%s sends more than the %" PRIu64 " bytes of image_size_max in uxmcd.conf",
			fetch->host, max);
		return 0;
	}
	ret = image_write(fetch->image, data, count);
	if (!ret)
		return count;
	verdict(fetch, FETCH_FAILED, -ret, "the image cannot be stored: %s",
		strerror(-ret));
	return 0;
}

static int add_header(struct fetch *fetch, const char *name, const char *value)
{
	struct curl_slist *longer;
	char line[256];

	snprintf(line, sizeof(line), "%s: %s", name, value);
	longer = curl_slist_append(fetch->headers, line);
	if (!longer)
		return -ENOMEM;
	fetch->headers = longer;
	return 0;
}

/* Asks for the rest, but for the whole if the image has changed. */
static int ask_for_rest(struct fetch *fetch, const struct fetch_source *source)
{
	char range[32];

	text_copy(fetch->part.etag, sizeof(fetch->part.etag), source->etag);
	text_copy(fetch->part.modified, sizeof(fetch->part.modified),
		  source->modified);
	snprintf(range, sizeof(range), "%" PRIu64 "-", fetch->image->size);
	curl_easy_setopt(fetch->easy, CURLOPT_RANGE, range);
	return add_header(fetch, "If-Range",
			  *source->etag ? source->etag : source->modified);
}

static bool can_continue(const struct fetch_source *source,
			 const struct image *image)
{
	return image->size && image->size < source->size &&
	       (*source->etag || *source->modified);
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

static void set_options(struct fetch *fetch, const struct fetch_source *source)
{
	const struct config *config = fetch->config;
	CURL *easy = fetch->easy;

	limit_protocols(easy);
	curl_easy_setopt(easy, CURLOPT_URL, source->url);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, source->user_agent);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(easy, CURLOPT_MAXREDIRS, FETCH_REDIRECTS_MAX);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
	/* Do not wait for the thread that resolves a name when giving up. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)config->connect_timeout);
	if (*config->ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, config->ca_file);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, fetch);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_data);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, fetch);
}

static int prepare(struct fetch *fetch, const struct fetch_source *source)
{
	int ret;

	fetch->easy = curl_easy_init();
	if (!fetch->easy)
		return -ENOMEM;
	set_options(fetch, source);
	if (can_continue(source, fetch->image)) {
		fetch->size = source->size;
		ret = ask_for_rest(fetch, source);
	} else {
		ret = image_rewind(fetch->image);
	}
	if (ret)
		return ret;
	curl_easy_setopt(fetch->easy, CURLOPT_HTTPHEADER, fetch->headers);
	return curl_multi_add_handle(fetch->multi, fetch->easy) ? -ENOMEM : 0;
}

int fetch_start(struct fetch *fetch, const struct fetch_source *source,
		struct image *image)
{
	int ret;

	fetch->image = image;
	fetch->answered = false;
	fetch->size = 0;
	fetch->head = 0;
	fetch->asked = false;
	fetch->result = FETCH_RUNNING;
	fetch->error = 0;
	*fetch->sentence = '\0';
	memset(&fetch->answer, 0, sizeof(fetch->answer));
	if (url_host(source->url, fetch->host, sizeof(fetch->host)))
		text_copy(fetch->host, sizeof(fetch->host), "the server");

	ret = prepare(fetch, source);
	if (ret)
		fetch_stop(fetch);
	return ret;
}

/* Until the request is on its way curl itself watches how long that takes. */
static void note_asked(struct fetch *fetch)
{
	curl_off_t until_asked = 0;

	if (fetch->asked)
		return;
	curl_easy_getinfo(fetch->easy, CURLINFO_PRETRANSFER_TIME_T,
			  &until_asked);
	fetch->asked = until_asked > 0;
	fetch->heard = timer_now();
}

enum fetch_result fetch_perform(struct fetch *fetch)
{
	struct CURLMsg *message;
	int running, left;

	if (!fetch->easy)
		return FETCH_RUNNING;
	curl_multi_perform(fetch->multi, &running);
	note_asked(fetch);
	while ((message = curl_multi_info_read(fetch->multi, &left))) {
		if (message->msg != CURLMSG_DONE)
			continue;
		if (message->data.result)
			verdict_error(fetch, message->data.result);
		else
			verdict_transfer(fetch);
		fetch_stop(fetch);
		break;
	}
	return fetch->result;
}

uint64_t fetch_patience(const struct fetch *fetch)
{
	int status = fetch->answer.status;
	uint64_t limit = fetch->config->stall_timeout;
	uint64_t silent;

	if (!fetch->asked)
		return limit;
	/* After a redirect there may be another connecting to wait for. */
	if (status != 200 && status != 206)
		limit += fetch->config->connect_timeout;
	silent = timer_now() - fetch->heard;
	return silent < limit ? limit - silent : 0;
}

void fetch_give_up(struct fetch *fetch)
{
	verdict(fetch, FETCH_BROKEN, ETIMEDOUT,
		"nothing came from %s for %" PRIu64 " s", fetch->host,
		(timer_now() - fetch->heard + 500) / 1000);
	fetch_stop(fetch);
}

void fetch_stop(struct fetch *fetch)
{
	if (fetch->easy) {
		curl_multi_remove_handle(fetch->multi, fetch->easy);
		curl_easy_cleanup(fetch->easy);
		fetch->easy = NULL;
	}
	curl_slist_free_all(fetch->headers);
	fetch->headers = NULL;
}

int fetch_open(struct fetch *fetch, const struct config *config)
{
	memset(fetch, 0, sizeof(*fetch));
	fetch->config = config;
	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return -ENOMEM;
	fetch->multi = curl_multi_init();
	return fetch->multi ? 0 : -ENOMEM;
}

void fetch_close(struct fetch *fetch)
{
	fetch_stop(fetch);
	curl_multi_cleanup(fetch->multi);
	curl_global_cleanup();
}
