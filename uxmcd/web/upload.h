/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that comes with a form: it goes on to uxmcd as it comes in, since there is
 * nowhere here to keep it.
 */
#ifndef UXMC_UPLOAD_H
#define UXMC_UPLOAD_H

#include "consult.h"
#include "multipart.h"
#include "visitor.h"

/**
 * struct upload - see above; private but for:
 * @status: of HTTP, if it is refused; 0: it is not, so far
 * @reply: why, where uxmcd said so
 * @sent: all of a file has been sent
 */
struct upload {
	struct multipart multipart;
	uint64_t length;
	struct consult *consult;
	const char *control;
	char token[TOKEN_SIZE];
	size_t token_length;
	bool needs_token;
	const char *right_token;
	enum upload_part { UPLOAD_NOTHING, UPLOAD_TOKEN, UPLOAD_FILE } part;
	uint64_t left;
	bool sent;
	unsigned int status;
	struct ctl_answer reply;
};

/**
 * struct upload_request - what an upload is about
 * @type: Content-Type
 * @length: Content-Length
 * @token: that the form has to have before the file; NULL: none is needed
 */
struct upload_request {
	const char *type;
	uint64_t length;
	struct consult *consult;
	const char *control;
	const char *token;
};

/* To be given back with free(); NULL: it is no such form, or memory is short. */
struct upload *upload_open(const struct upload_request *request);

/* The next bytes of the body; what is refused is not to be read any further. */
void upload_take(struct upload *upload, const char *data, size_t count);

/* The body is complete: has all of a file been sent? */
void upload_end(struct upload *upload);

#endif
