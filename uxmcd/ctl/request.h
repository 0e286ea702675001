/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The request for an update, and what is sent with it.
 */
#ifndef UXMC_REQUEST_H
#define UXMC_REQUEST_H

#include "pin.h"
#include "reply_parse.h"

/* A file that is sent; @fd: -1 if there is none */
struct request_file {
	int fd;
	uint64_t size;
};

/**
 * struct request - see above
 * @what: URL of the image, or path of its file; NULL: what waits to be confirmed
 * @sha256: that the image has to have; empty: any
 * @image: the file
 * @signature: beside the file
 */
struct request {
	const char *what;
	char sha256[PIN_SIZE];
	struct request_file image;
	struct request_file signature;
};

/* What has :// in it is a URL. @sha256 may be NULL. If it is not good, says why. */
enum reply request_open(struct request *request, const char *what,
			const char *sha256);
void request_open_confirm(struct request *request);
void request_close(struct request *request);

/* Asks for it, and sends what goes with it: @answer is the first answer. */
enum reply request_begin(const struct request *request, int socket,
			 struct ctl_answer *answer);

#endif
