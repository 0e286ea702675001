/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a GET brings, on its way to uxmcd: what is the same for images, settings files
 * and signatures.
 */
#ifndef UXMC_BODY_H
#define UXMC_BODY_H

#include "http.h"
#include "wire.h"

/**
 * struct body - see above
 * @http: the GET; first, for body_of()
 * @wire: to uxmcd
 * @told: it was said that the request is on its way
 * @data: of a settings file what came, @size bytes of it in @room
 * @begun: so much of it that it can be seen whether it is of interest
 */
struct body {
	struct http http;
	struct wire *wire;
	bool told;
	char *data;
	size_t size;
	size_t room;
	bool begun;
};

struct body *body_of(struct http *http);

/* For struct http_ops. They send what there is to send. */
bool body_redirected(struct http *http);
bool body_pause(struct http *http);

/* Once the GET has been opened: it is small, and not waited for however long it takes. */
void body_bound_time(struct body *body);

/* False: it cannot be sent. */
bool body_send_headers(struct body *body,
		       const struct fetchwire_headers *headers);

/*
 * Would so many bytes more be more than the headers announced? False then, and the
 * GET has been given up.
 */
bool body_check_length(struct body *body, size_t count);

#endif
