// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "multi.h"

/* One of libcurl's sockets */
struct multi_socket {
	struct multi *multi;
	struct loop_watch watch;
};

static void take_ended(struct multi *multi)
{
	struct multi_request *request;
	struct CURLMsg *message;
	CURLcode code;
	int left;

	while ((message = curl_multi_info_read(multi->curl, &left))) {
		if (message->msg != CURLMSG_DONE)
			continue;
		code = message->data.result;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
				  &request);
		request->on_ended(request->context, code);
	}
}

static struct multi_request *find_moved(const struct multi *multi)
{
	struct multi_request *request = multi->requests;

	while (request && !request->moved)
		request = request->next;
	return request;
}

/* Any of the callbacks may add and remove requests. */
static void act(struct multi *multi, curl_socket_t fd, int what)
{
	struct multi_request *request;
	int running;

	curl_multi_socket_action(multi->curl, fd, what, &running);
	take_ended(multi);
	while ((request = find_moved(multi))) {
		request->moved = false;
		request->on_moved(request->context);
	}
}

static void on_timer(void *context)
{
	act(context, CURL_SOCKET_TIMEOUT, 0);
}

static int set_timer(CURLM *curl, long milliseconds, void *context)
{
	struct multi *multi = context;

	(void)curl;
	if (milliseconds < 0)
		loop_cancel(multi->loop, &multi->timer);
	else
		loop_start(multi->loop, &multi->timer, (uint64_t)milliseconds);
	return 0;
}

static void on_socket(void *context, uint32_t events)
{
	struct multi_socket *socket = context;
	int what = 0;

	if (events & (EPOLLIN | EPOLLHUP))
		what |= CURL_CSELECT_IN;
	if (events & EPOLLOUT)
		what |= CURL_CSELECT_OUT;
	if (events & EPOLLERR)
		what |= CURL_CSELECT_ERR;
	act(socket->multi, socket->watch.fd, what);
}

static uint32_t events_of(int what)
{
	return (what & CURL_POLL_IN ? EPOLLIN : 0u) |
	       (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
}

static int add_socket(struct multi *multi, curl_socket_t fd, int what)
{
	struct multi_socket *socket = malloc(sizeof(*socket));

	if (!socket)
		return -1;
	socket->multi = multi;
	if (loop_add(multi->loop, &socket->watch, fd, events_of(what),
		     on_socket, socket)) {
		free(socket);
		return -1;
	}
	curl_multi_assign(multi->curl, fd, socket);
	return 0;
}

static int set_socket(CURL *easy, curl_socket_t fd, int what, void *context,
		      void *socket_context)
{
	struct multi_socket *socket = socket_context;
	struct multi *multi = context;

	(void)easy;
	if (!socket)
		return what == CURL_POLL_REMOVE ? 0 :
						  add_socket(multi, fd, what);
	if (what != CURL_POLL_REMOVE) {
		loop_change(multi->loop, &socket->watch, events_of(what));
		return 0;
	}
	loop_del(multi->loop, &socket->watch);
	free(socket);
	return 0;
}

int multi_add(struct multi *multi, struct multi_request *request)
{
	request->moved = false;
	request->next = multi->requests;
	multi->requests = request;
	curl_easy_setopt(request->easy, CURLOPT_PRIVATE, request);
	return curl_multi_add_handle(multi->curl, request->easy) ? -ENOMEM : 0;
}

void multi_remove(struct multi *multi, struct multi_request *request)
{
	struct multi_request **place = &multi->requests;

	if (!request->easy)
		return;
	while (*place && *place != request)
		place = &(*place)->next;
	if (*place)
		*place = request->next;
	curl_multi_remove_handle(multi->curl, request->easy);
	curl_easy_cleanup(request->easy);
	request->easy = NULL;
}

int multi_open(struct multi *multi, struct loop *loop)
{
	memset(multi, 0, sizeof(*multi));
	multi->loop = loop;
	multi->timer.call = on_timer;
	multi->timer.context = multi;
	if (!curl_global_init(CURL_GLOBAL_DEFAULT))
		multi->curl = curl_multi_init();
	if (!multi->curl)
		return -ENOMEM;
	curl_multi_setopt(multi->curl, CURLMOPT_SOCKETFUNCTION, set_socket);
	curl_multi_setopt(multi->curl, CURLMOPT_SOCKETDATA, multi);
	curl_multi_setopt(multi->curl, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(multi->curl, CURLMOPT_TIMERDATA, multi);
	return 0;
}

void multi_close(struct multi *multi)
{
	curl_multi_cleanup(multi->curl);
	curl_global_cleanup();
}
