// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/param.h>
#include <sys/socket.h>

#include "fetcher.h"
#include "login.h"
#include "sentence.h"
#include "text.h"

/*
 * uxmc-fetch watches over the server; this is for one that does not. It is less
 * than what the driver is told to add (claim.c).
 */
#define PATIENCE_MARGIN	5000

/* Says why it is over; what was noted before is the reason. */
static void give_up(struct fetcher *fetcher, enum verdict_result result,
		    int error, const char *sentence)
{
	verdict_note(&fetcher->verdict, result, error, "%s", sentence);
	fetcher_stop(fetcher);
}

static void take_end(struct fetcher *fetcher, const struct fetchwire_end *end)
{
	fetcher->retry_after = end->retry_after;
	if (end->overloaded)
		pauses_owe(fetcher->pauses, fetcher->url, end->retry_after,
			   loop_now());
	give_up(fetcher, (enum verdict_result)end->result, (int)end->error,
		end->sentence);
}

/*
 * uxmc-fetch sees to it that no image takes longer than its size at rate_min, and some
 * silence. One that does not is given twice as long.
 */
static uint64_t time_for(const struct config *config, uint64_t size)
{
	uint64_t redirects = (FETCHWIRE_ASKED_MAX + 1) *
			     (config->connect_timeout + config->stall_timeout);

	return 2 * (redirects + FETCHWIRE_STALLS_MAX * config->stall_timeout +
		    size * 1000 / config->rate_min);
}

/* Its size is known now, if it is stated. */
static void narrow_deadline(struct fetcher *fetcher)
{
	const struct fetchwire_headers *headers = &fetcher->packet->headers;
	uint64_t length, deadline;

	if (!fetcher->deadline || !fetchwire_announced(headers, &length))
		return;
	deadline = loop_now() + time_for(fetcher->config, length);
	fetcher->deadline = MIN(fetcher->deadline, deadline);
}

/* False: whoever it was for wants no more. */
static bool hand_on(struct fetcher *fetcher, size_t size)
{
	const union fetchwire_packet *packet = fetcher->packet;
	const struct fetcher_ops *ops = fetcher->ops;

	switch (packet->kind) {
	case FETCHWIRE_HEADERS:
		narrow_deadline(fetcher);
		return ops->headers(fetcher->context, &packet->headers);
	case FETCHWIRE_DATA:
		return ops->data(fetcher->context, packet->data.bytes,
				 fetchwire_data_count(size));
	case FETCHWIRE_ENTRY:
		return ops->entry(fetcher->context, &packet->entry);
	case FETCHWIRE_FILE:
		return ops->file(fetcher->context, &packet->file);
	case FETCHWIRE_DROPPED:
		return ops->dropped(fetcher->context, &packet->dropped);
	case FETCHWIRE_END:
		take_end(fetcher, &packet->end);
		return true;
	default:
		return true;
	}
}

static void await(struct fetcher *fetcher)
{
	uint64_t now = loop_now(), left = fetcher->patience;

	if (fetcher->deadline)
		left = MIN(left, fetcher->deadline > now ?
			   fetcher->deadline - now : 0);
	loop_start(fetcher->loop, &fetcher->watchdog, left);
}

static void take_packet(struct fetcher *fetcher, size_t size)
{
	const char *wrong;

	wrong = fetchwire_take(&fetcher->wire, fetcher->packet, size);
	if (wrong)
		give_up(fetcher, VERDICT_BROKEN, EPROTO, wrong);
	else if (!hand_on(fetcher, size))
		fetcher_stop(fetcher);
	else if (fetcher->verdict.result == VERDICT_RUNNING)
		await(fetcher);
}

static void on_packet(void *context, uint32_t events)
{
	struct fetcher *fetcher = context;
	ssize_t size;

	(void)events;
	size = recv(fetcher->proc.socket, fetcher->packet,
		    sizeof(*fetcher->packet), MSG_DONTWAIT);
	if (size < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	/* ECONNRESET: it did not read all, and is gone. */
	take_packet(fetcher, size > 0 ? (size_t)size : 0);
	fetcher->ops->heard(fetcher->context);
}

static void on_silence(void *context)
{
	struct fetcher *fetcher = context;

	if (fetcher->deadline && fetcher->deadline <= loop_now())
		verdict_note(&fetcher->verdict, VERDICT_BROKEN, ETIMEDOUT,
			     "uxmc-fetch took too long, and was ended: see rate_min in uxmcd.conf");
	verdict_note(&fetcher->verdict, VERDICT_BROKEN, ETIMEDOUT,
		     "uxmc-fetch said nothing for %" PRIu64 " s, and was ended",
		     (fetcher->patience + 500) / 1000);
	fetcher_stop(fetcher);
	fetcher->ops->heard(fetcher->context);
}

static uint64_t patience_for(const struct fetchwire_request *request)
{
	uint64_t stalls = request->what == FETCHWIRE_IMAGE ?
			  1 : FETCHWIRE_STALLS_MAX;

	return request->connect_timeout + stalls * request->stall_timeout +
	       PATIENCE_MARGIN;
}

/* Not from the heap, which would keep it for good. */
static int get_packet(struct fetcher *fetcher)
{
	void *packet = mmap(NULL, sizeof(*fetcher->packet), PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (packet == MAP_FAILED)
		return -errno;
	fetcher->packet = packet;
	return 0;
}

/* Everything that is between a request and its being sent; -errno, and a sentence */
static int start(struct fetcher *fetcher, char *sentence, size_t size)
{
	int ret;

	ret = fetchproc_start(&fetcher->proc, fetcher->config, sentence, size);
	if (ret)
		return ret;
	ret = get_packet(fetcher);
	if (!ret)
		ret = loop_add(fetcher->loop, &fetcher->watch,
			       fetcher->proc.socket, EPOLLIN, on_packet, fetcher);
	if (ret)
		text_format(sentence, size, "uxmc-fetch cannot be heard: %s",
			    strerror(-ret));
	return ret;
}

static void send_request(struct fetcher *fetcher,
			 const struct fetchwire_request *request)
{
	ssize_t size = (ssize_t)sizeof(*request);

	if (send(fetcher->proc.socket, request, sizeof(*request),
		 MSG_NOSIGNAL | MSG_DONTWAIT) != size)
		give_up(fetcher, VERDICT_BROKEN, errno,
			"uxmc-fetch takes no request");
}

void fetcher_make_request(const struct fetcher *fetcher,
			  struct fetchwire_request *request,
			  enum fetchwire_what what)
{
	const struct config *config = fetcher->config;
	const uint64_t sizes[] = {
		[FETCHWIRE_IMAGE]	= config->image_size_max,
		[FETCHWIRE_SETTINGS]	= config->settings_size_max,
		[FETCHWIRE_SIGNATURE]	= FETCHWIRE_SIGNATURE_MAX,
	};

	memset(request, 0, sizeof(*request));
	request->version = FETCHWIRE_VERSION;
	request->what = what;
	request->size_max = sizes[what];
	request->connect_timeout = (uint32_t)config->connect_timeout;
	request->stall_timeout = (uint32_t)config->stall_timeout;
	request->rate_min = what == FETCHWIRE_IMAGE ?
			    (uint32_t)config->rate_min : 0;
	text_copy(request->ca_file, sizeof(request->ca_file), config->ca_file);
	text_copy(request->client_cert, sizeof(request->client_cert),
		  config->client_cert);
	text_copy(request->client_key, sizeof(request->client_key),
		  config->client_key);
	text_copy(request->proxy, sizeof(request->proxy), config->proxy);
	text_copy(request->no_proxy, sizeof(request->no_proxy),
		  config->no_proxy);
}

/* False, and it is over: no such request is made now, or ever. */
static bool check_allowed(struct fetcher *fetcher)
{
	uint64_t pause = pauses_left(fetcher->pauses, fetcher->url, loop_now());
	struct verdict *verdict = &fetcher->verdict;

	if (!fetcher->config->allow_http && !url_is_secure(fetcher->url)) {
		verdict_note(verdict, VERDICT_FAILED, EPERM, SENTENCE_NO_HTTP);
		return false;
	}
	if (!pause)
		return true;
	fetcher->retry_after = (pause + 999) / 1000;
	verdict_note(verdict, VERDICT_FAILED, EAGAIN,
		     "%s asked to be left alone (Retry-After), for another %" PRIu64 " s",
		     verdict->host, fetcher->retry_after);
	return false;
}

static void begin(struct fetcher *fetcher,
		  const struct fetchwire_request *request)
{
	char sentence[VERDICT_SENTENCE_SIZE];
	const char *wrong;
	int ret;

	wrong = fetchwire_check_request(request, sizeof(*request));
	if (wrong) {
		give_up(fetcher, VERDICT_FAILED, EINVAL, wrong);
		return;
	}
	ret = start(fetcher, sentence, sizeof(sentence));
	if (ret) {
		give_up(fetcher, VERDICT_BROKEN, -ret, sentence);
		return;
	}
	fetcher->patience = patience_for(request);
	fetcher->deadline = request->what == FETCHWIRE_IMAGE ?
			    loop_now() + time_for(fetcher->config,
						  request->size_max) : 0;
	await(fetcher);
	fetchwire_begin(&fetcher->wire, request);
	send_request(fetcher, request);
}

void fetcher_start(struct fetcher *fetcher,
		   const struct fetchwire_request *request)
{
	struct fetchwire_request filled = *request;

	fetcher->retry_after = 0;
	verdict_open(&fetcher->verdict, request->url);
	text_copy(fetcher->url, sizeof(fetcher->url), request->url);
	if (!check_allowed(fetcher))
		return;
	login_fill(&filled, fetcher->config, fetcher->settings);
	begin(fetcher, &filled);
	explicit_bzero(filled.password, sizeof(filled.password));
}

void fetcher_stop(struct fetcher *fetcher)
{
	loop_cancel(fetcher->loop, &fetcher->watchdog);
	loop_del(fetcher->loop, &fetcher->watch);
	fetchproc_end(&fetcher->proc);
	if (fetcher->packet)
		munmap(fetcher->packet, sizeof(*fetcher->packet));
	fetcher->packet = NULL;
}

void fetcher_open(struct fetcher *fetcher, const struct fetcher_needs *needs,
		  const struct fetcher_ops *ops, void *context)
{
	memset(fetcher, 0, sizeof(*fetcher));
	fetcher->config = needs->config;
	fetcher->settings = needs->settings;
	fetcher->loop = needs->loop;
	fetcher->pauses = needs->pauses;
	fetcher->ops = ops;
	fetcher->context = context;
	fetcher->proc.socket = -1;
	fetcher->watch.fd = -1;
	fetcher->watchdog.call = on_silence;
	fetcher->watchdog.context = fetcher;
}
