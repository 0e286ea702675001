/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libcurl in the loop, which waits for its sockets and for its timer.
 */
#ifndef UXMC_MULTI_H
#define UXMC_MULTI_H

#include <curl/curl.h>

#include "loop.h"

struct multi_request;

struct multi {
	struct loop *loop;
	CURLM *curl;
	struct loop_timer timer;
	struct multi_request *requests;
};

/**
 * struct multi_request - one that is under way, all its owner's
 * @easy: its handle; NULL: none
 * @moved: set by its owner, from within libcurl: @on_moved() is to be called
 * @on_moved: from without
 * @on_ended: likewise; it is no longer under way
 */
struct multi_request {
	struct multi_request *next;
	CURL *easy;
	bool moved;
	void (*on_moved)(void *context);
	void (*on_ended)(void *context, CURLcode code);
	void *context;
};

/* -ENOMEM */
int multi_open(struct multi *multi, struct loop *loop);
void multi_close(struct multi *multi);

/* -ENOMEM */
int multi_add(struct multi *multi, struct multi_request *request);

/*
 * It is under way no more, if it was. Frees its handle, if there is one. Not to be
 * called from within libcurl.
 */
void multi_remove(struct multi *multi, struct multi_request *request);

#endif
