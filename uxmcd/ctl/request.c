// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ask.h"
#include "ctl.h"
#include "request.h"
#include "talk.h"
#include "text.h"

#define SIGNATURE_SUFFIX	".minisig"
#define SIGNATURE_MAX		4096	/* bytes */

static bool is_url(const char *text)
{
	return strstr(text, "://");
}

/* A regular file, since its size is sent before it; -errno */
static int open_file(struct request_file *file, const char *path)
{
	struct stat stat;

	file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file->fd < 0)
		return -errno;
	if (fstat(file->fd, &stat))
		return -errno;
	file->size = (uint64_t)stat.st_size;
	return S_ISREG(stat.st_mode) ? 0 : -ENODEV;
}

static enum reply say_file(const char *path, int error)
{
	ctl_say("%s: %s", path, error == -ENODEV ? "it is not a regular file" :
						   strerror(-error));
	return REPLY_REFUSED;
}

/* Whether one is needed uxmcd knows. */
static enum reply open_signature(struct request *request)
{
	struct request_file *file = &request->signature;
	char *path;
	int ret;

	if (asprintf(&path, "%s" SIGNATURE_SUFFIX, request->what) < 0)
		return say_file(request->what, -ENOMEM);
	ret = open_file(file, path);
	if (ret && ret != -ENOENT) {
		say_file(path, ret);
	} else if (!ret && (!file->size || file->size > SIGNATURE_MAX)) {
		ctl_say("%s: it is no signature, which has at most %d bytes",
			path, SIGNATURE_MAX);
		ret = -EFBIG;
	}
	free(path);
	return !ret || ret == -ENOENT ? REPLY_OK : REPLY_REFUSED;
}

enum reply request_open(struct request *request, const char *what,
			const char *sha256)
{
	int ret;

	request_open_confirm(request);
	request->what = what;
	if (sha256 && pin_parse(sha256, request->sha256)) {
		ctl_say("--sha256: %s", PIN_WANTS);
		return REPLY_USAGE;
	}
	if (is_url(what))
		return REPLY_OK;
	ret = open_file(&request->image, what);
	return ret ? say_file(what, ret) : open_signature(request);
}

void request_open_confirm(struct request *request)
{
	*request = (struct request){
		.image.fd = -1,
		.signature.fd = -1,
	};
}

static void close_file(struct request_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

void request_close(struct request *request)
{
	close_file(&request->image);
	close_file(&request->signature);
}

/* The path as seen from the root; its last part stays as it was given. */
static int absolute_path(const char *file, char *path, size_t size)
{
	char *directory;
	int length;

	if (*file == '/') {
		length = snprintf(path, size, "%s", file);
	} else {
		directory = getcwd(NULL, 0);
		if (!directory)
			return -errno;
		length = snprintf(path, size, "%s/%s", directory, file);
		free(directory);
	}
	return length < 0 || (size_t)length >= size ? -ENAMETOOLONG : 0;
}

/* The options that stand in front of an argument; gives their length. */
static size_t put_options(const struct request *request, char *argument, size_t size)
{
	size_t length;

	*argument = '\0';
	if (*request->sha256)
		text_format(argument, size, "sha256=%s ", request->sha256);
	length = strlen(argument);
	if (request->signature.fd >= 0)
		text_format(argument + length, size - length,
			    "signature=%" PRIu64 " ", request->signature.size);
	return strlen(argument);
}

static int announce_file(const struct request *request, int socket)
{
	char argument[REPLY_PACKET_MAX];
	size_t length = put_options(request, argument, sizeof(argument));
	int ret;

	text_format(argument + length, sizeof(argument) - length,
		    "%" PRIu64 " ", request->image.size);
	length = strlen(argument);
	ret = absolute_path(request->what, argument + length,
			    sizeof(argument) - length);
	return ret ? ret : talk_send(socket, "file", argument);
}

static int ask_for_url(const struct request *request, int socket)
{
	char argument[REPLY_PACKET_MAX];
	size_t length = put_options(request, argument, sizeof(argument));

	if (text_copy(argument + length, sizeof(argument) - length,
		      request->what))
		return -EMSGSIZE;
	return talk_send(socket, "update", argument);
}

static int send_request(const struct request *request, int socket)
{
	if (!request->what)
		return talk_send(socket, "confirm", "");
	if (request->image.fd < 0)
		return ask_for_url(request, socket);
	return announce_file(request, socket);
}

/* The first answer says whether the update was begun. */
static enum reply ask(const struct request *request, int socket,
		      struct ctl_answer *answer)
{
	int ret = send_request(request, socket);

	if (ret == -EMSGSIZE || ret == -ENAMETOOLONG) {
		ctl_say("that is too long: give a URL of at most 2048 characters");
		return REPLY_REFUSED;
	}
	if (!ret)
		ret = talk_receive(socket, answer);
	if (ret)
		return talk_say(ret);
	if (answer->reply != REPLY_OK)
		ctl_say("%s", answer->text);
	return answer->reply;
}

static int send_files(const struct request *request, int socket)
{
	const struct request_file *signature = &request->signature;
	const struct request_file *image = &request->image;
	int ret = 0;

	if (signature->fd >= 0)
		ret = talk_send_file(socket, signature->fd, signature->size);
	return ret ? ret : talk_send_file(socket, image->fd, image->size);
}

/* If uxmcd goes meanwhile, or wants no more, whoever follows the update hears of it. */
static enum reply send_or_say(const struct request *request, int socket)
{
	int ret = send_files(request, socket);

	if (!ret || ret == -EPIPE || ret == -ECONNRESET)
		return REPLY_OK;
	if (ret == -ETIMEDOUT)
		return talk_say(ret);
	ctl_say("%s: %s", request->what, ret == -ENODATA ?
		"it became shorter meanwhile" : strerror(-ret));
	return REPLY_FAILED;
}

enum reply request_begin(const struct request *request, int socket,
			 struct ctl_answer *answer)
{
	enum reply reply = ask(request, socket, answer);

	if (reply == REPLY_OK && request->image.fd >= 0)
		reply = send_or_say(request, socket);
	return reply;
}
