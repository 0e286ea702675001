// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#include "reply_http.h"
#include "text.h"
#include "upload.h"

static int refuse(struct upload *upload, unsigned int status, const char *sentence)
{
	upload->status = status;
	text_format(upload->reply.text, sizeof(upload->reply.text), "%s", sentence);
	consult_close(upload->consult);
	return -ECANCELED;
}

static int refuse_form(struct upload *upload)
{
	return refuse(upload, MHD_HTTP_BAD_REQUEST,
		      "there is no file in it: choose one");
}

/* What uxmcd says of a file that it does not take, or not all of */
static int take_reply(struct upload *upload)
{
	upload->status = status_of_reply(upload->reply.reply);
	consult_close(upload->consult);
	return -ECANCELED;
}

static int refuse_silence(struct upload *upload, int error)
{
	return refuse(upload, MHD_HTTP_SERVICE_UNAVAILABLE,
		      error == -ETIMEDOUT ? "uxmcd does not answer" :
					    strerror(-error));
}

/* The form is ours, and the file is the last thing in it: so its size is known. */
static int begin_file(struct upload *upload, const struct multipart_part *part)
{
	uint64_t around = part->at + multipart_tail(&upload->multipart);
	char argument[sizeof(part->file) + 24];
	int ret;

	if (upload->needs_token && (!*upload->right_token ||
				    !text_is_secret(upload->token, upload->right_token)))
		return refuse(upload, MHD_HTTP_FORBIDDEN,
			      "this form is no longer valid: load the page again");
	if (upload->sent || !*part->file || upload->length < around)
		return refuse_form(upload);
	upload->left = upload->length - around;
	text_format(argument, sizeof(argument), "%" PRIu64 " %s", upload->left,
		    part->file);
	ret = consult_open_patiently(upload->consult, upload->control);
	if (!ret)
		ret = consult(upload->consult, "file", argument, &upload->reply);
	if (ret)
		return refuse_silence(upload, ret);
	return upload->reply.reply == REPLY_OK ? 0 : take_reply(upload);
}

static int begin(void *context, const struct multipart_part *part)
{
	struct upload *upload = context;

	upload->part = UPLOAD_NOTHING;
	if (!strcmp(part->name, "token"))
		upload->part = UPLOAD_TOKEN;
	else if (!strcmp(part->name, "file"))
		upload->part = UPLOAD_FILE;
	return upload->part == UPLOAD_FILE ? begin_file(upload, part) : 0;
}

static void take_token(struct upload *upload, const char *data, size_t count)
{
	size_t room = sizeof(upload->token) - 1 - upload->token_length;

	count = MIN(count, room);
	memcpy(upload->token + upload->token_length, data, count);
	upload->token_length += count;
}

static int take_file(struct upload *upload, const char *data, size_t count)
{
	int ret;

	/* Something follows the file, so that it is not as long as was said. */
	if (count > upload->left)
		return refuse_form(upload);
	upload->left -= count;
	ret = talk_send_bytes(upload->consult->socket, data, count);
	if (ret == -ECANCELED || ret == -EPIPE || ret == -ECONNRESET) {
		ret = talk_receive(upload->consult->socket, &upload->reply);
		return ret ? refuse_silence(upload, ret) : take_reply(upload);
	}
	return ret ? refuse_silence(upload, ret) : 0;
}

static int take(void *context, const char *data, size_t count)
{
	struct upload *upload = context;

	switch (upload->part) {
	case UPLOAD_TOKEN:
		take_token(upload, data, count);
		break;
	case UPLOAD_FILE:
		return take_file(upload, data, count);
	case UPLOAD_NOTHING:
		break;
	}
	return 0;
}

static int end_part(void *context)
{
	struct upload *upload = context;

	if (upload->part != UPLOAD_FILE)
		return 0;
	if (upload->left)
		return refuse_form(upload);
	upload->sent = true;
	consult_close(upload->consult);
	return 0;
}

static const struct multipart_ops ops = {
	.begin = begin,
	.data = take,
	.end = end_part,
};

struct upload *upload_open(const struct upload_request *request)
{
	struct upload *upload = calloc(1, sizeof(*upload));

	if (!upload)
		return NULL;
	upload->length = request->length;
	upload->consult = request->consult;
	upload->control = request->control;
	upload->needs_token = request->token;
	upload->right_token = request->token;
	if (!multipart_open(&upload->multipart, request->type, &ops, upload))
		return upload;
	free(upload);
	return NULL;
}

void upload_take(struct upload *upload, const char *data, size_t count)
{
	if (!upload->status &&
	    multipart_take(&upload->multipart, data, count) == -EINVAL)
		refuse_form(upload);
}

void upload_end(struct upload *upload)
{
	if (!upload->status && !upload->sent)
		refuse_form(upload);
}
