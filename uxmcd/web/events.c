// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "http_answer.h"
#include "json.h"
#include "live.h"
#include "loop.h"
#include "page.h"
#include "pages.h"
#include "text.h"

/*
 * Events for the script of a page (HTML, 9.2): a thread waits for the driver to say
 * that something has changed. What it does not say, that an update waits to be
 * confirmed, is looked at now and then.
 */

/* As many at once: of the connections there are to be some left */
#define STREAMS_MAX	12

/* One ends after that time, and the page asks again: so who has logged out is out. */
#define STREAM_MS	300000U

#define LOOK_MS		5000U	/* at what the driver does not say */
#define PAUSE_MS	250U	/* from one event to the next */
#define ALIVE_MS	10000U	/* whoever has gone is noticed by then */

#define EVENT_SIZE	1024

/**
 * struct stream - one that is sent to
 * @client: its socket
 * @gone: whoever it was
 * @netlink: with no driver its events are none
 * @end: when it ends (loop_now())
 * @told: when the last event was sent
 * @looked: when it was last looked for one
 * @last: that one, so that only news are sent
 */
struct stream {
	const struct config *config;
	enum language language;
	int client;
	bool gone;
	struct netlink netlink;
	uint64_t end;
	uint64_t told;
	uint64_t looked;
	char last[EVENT_SIZE];
	char event[EVENT_SIZE];
	size_t length;
	size_t sent;
};

static unsigned int streams;

static struct json_object *make_object(const struct stream *stream,
				       const struct view *view)
{
	struct json_object *object = json_object_new_object();
	char text[128], page[24], amount[LIVE_AMOUNT_SIZE] = "", name[VIEW_NAME_SIZE] = "";
	struct live live;

	live_look(&live, view);
	if (live.module) {
		view_name(live.module, name);
		live_amount(stream->language, live.module, amount);
	}
	text_format(text, sizeof(text), "%s%s%s", name, *name ? ": " : "",
		    word(stream->language, live.word));
	text_format(page, sizeof(page), "%016" PRIx64, live_fingerprint(view));
	ctl_json_text(object, "state", live.state);
	ctl_json_text(object, "text", text);
	ctl_json_text(object, "amount", amount);
	if (live.percent >= 0)
		ctl_json_number(object, "percent", (uint64_t)live.percent);
	ctl_json_text(object, "page", page);
	return object;
}

/* Is there something new? Then it is what is sent next. */
static bool look(struct stream *stream)
{
	struct json_object *object;
	char event[EVENT_SIZE];
	struct view view;

	stream->looked = loop_now();
	view_look(&view, stream->config->control);
	object = make_object(stream, &view);
	text_format(event, sizeof(event), "data: %s\n\n",
		    json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
						   JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
	view_clear(&view);
	if (!strcmp(event, stream->last))
		return false;
	text_copy(stream->last, sizeof(stream->last), event);
	text_copy(stream->event, sizeof(stream->event), event);
	return true;
}

static void skip(void *context, enum netlink_event event, const struct module *module)
{
	struct stream *stream = context;

	(void)module;
	if (event == NETLINK_DRIVER_CAME)
		netlink_find_driver(&stream->netlink);
	else if (event == NETLINK_DRIVER_WENT)
		netlink_forget_driver(&stream->netlink);
}

/* Until the driver says something, or it is time to look for oneself */
static void wait_for_news(struct stream *stream)
{
	struct pollfd waits[] = {
		{ .fd = stream->client, .events = POLLRDHUP },
		{ .fd = netlink_events_fd(&stream->netlink), .events = POLLIN },
	};

	poll(waits, 2, LOOK_MS);
	stream->gone = waits[0].revents;
	if (waits[1].revents)
		netlink_receive(&stream->netlink, skip, stream);
}

/* What comes within that time is one event. */
static void pause_a_moment(struct stream *stream)
{
	struct pollfd wait = { .fd = stream->client, .events = POLLRDHUP };
	uint64_t since = loop_now() - stream->looked;

	if (since < PAUSE_MS)
		stream->gone = poll(&wait, 1, (int)(PAUSE_MS - since)) > 0;
}

/* The next look, or false: whoever it was has gone, or has to hear that we have not */
static bool look_again(struct stream *stream)
{
	wait_for_news(stream);
	if (!stream->gone)
		pause_a_moment(stream);
	return !stream->gone && loop_now() - stream->told < ALIVE_MS;
}

/* The next thing to say: an event, or that this end is alive */
static void wait_for_event(struct stream *stream)
{
	text_copy(stream->event, sizeof(stream->event), ":\n\n");
	pause_a_moment(stream);
	while (!stream->gone && !look(stream) && look_again(stream))
		;
	stream->told = loop_now();
	stream->length = strlen(stream->event);
	stream->sent = 0;
}

static ssize_t read_stream(void *context, uint64_t position, char *to, size_t size)
{
	struct stream *stream = context;
	size_t count;

	(void)position;
	if (stream->sent == stream->length) {
		if (!stream->gone && loop_now() < stream->end)
			wait_for_event(stream);
		if (stream->gone || loop_now() >= stream->end)
			return MHD_CONTENT_READER_END_OF_STREAM;
	}
	count = stream->length - stream->sent;
	if (count > size)
		count = size;
	memcpy(to, stream->event + stream->sent, count);
	stream->sent += count;
	return (ssize_t)count;
}

static void end_stream(void *context)
{
	struct stream *stream = context;

	netlink_close(&stream->netlink);
	free(stream);
	__atomic_sub_fetch(&streams, 1, __ATOMIC_SEQ_CST);
}

static struct stream *begin_stream(const struct request *request)
{
	struct stream *stream = calloc(1, sizeof(*stream));

	if (!stream)
		return NULL;
	stream->config = request->config;
	stream->language = request->language;
	stream->client = request_socket(request);
	stream->end = loop_now() + STREAM_MS;
	if (!netlink_open(&stream->netlink))
		netlink_find_driver(&stream->netlink);
	return stream;
}

static void stream_to(struct request *request, struct answer *answer)
{
	struct stream *stream = begin_stream(request);

	if (!stream) {
		__atomic_sub_fetch(&streams, 1, __ATOMIC_SEQ_CST);
		return;
	}
	answer->type = "text/event-stream";
	answer->patience = STREAM_MS + ALIVE_MS;
	answer->response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN,
							     EVENT_SIZE,
							     read_stream, stream,
							     end_stream);
	if (!answer->response)
		end_stream(stream);
}

void page_events(struct request *request, struct answer *answer)
{
	if (request->method == METHOD_HEAD) {
		answer->type = "text/event-stream";
		return;
	}
	if (__atomic_add_fetch(&streams, 1, __ATOMIC_SEQ_CST) <= STREAMS_MAX) {
		stream_to(request, answer);
		return;
	}
	__atomic_sub_fetch(&streams, 1, __ATOMIC_SEQ_CST);
	answer->retry_after = 10;
	page_say(request, answer, MHD_HTTP_SERVICE_UNAVAILABLE, WORD_NOT_NOW, WORD_BUSY);
}
