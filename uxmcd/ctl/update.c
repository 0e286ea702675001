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
#include "follow.h"
#include "pin.h"
#include "result.h"
#include "text.h"

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

/* A regular file, since its size is sent before it; the descriptor, or -REPLY_... */
static int open_file(const char *file, uint64_t *size)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat stat;

	if (fd < 0) {
		ctl_say("%s: %s", file, strerror(errno));
		return -REPLY_REFUSED;
	}
	if (fstat(fd, &stat) || !S_ISREG(stat.st_mode)) {
		ctl_say("%s: it is not a regular file", file);
		close(fd);
		return -REPLY_REFUSED;
	}
	*size = (uint64_t)stat.st_size;
	return fd;
}

/*
 * What is asked for: an image's URL or file, or what waits to be confirmed; and the
 * SHA-256 that the image has to have, if that is not empty
 */
struct wanted {
	const char *what;
	char sha256[PIN_SIZE];
	int file;
	uint64_t size;
};

/* The options that stand in front of an argument; gives their length. */
static int put_options(const struct wanted *wanted, char *argument, size_t size)
{
	*argument = '\0';
	return !*wanted->sha256 ? 0 :
	       snprintf(argument, size, "sha256=%s ", wanted->sha256);
}

static int announce_file(int socket, const struct wanted *wanted)
{
	char argument[REPLY_PACKET_MAX];
	int length = put_options(wanted, argument, sizeof(argument)), ret;

	length += snprintf(argument + length, sizeof(argument) - (size_t)length,
			   "%" PRIu64 " ", wanted->size);
	ret = absolute_path(wanted->what, argument + length,
			    sizeof(argument) - (size_t)length);
	return ret ? ret : talk_send(socket, "file", argument);
}

static int ask_for_url(int socket, const struct wanted *wanted)
{
	char argument[REPLY_PACKET_MAX];
	int length = put_options(wanted, argument, sizeof(argument));

	if (text_copy(argument + length, sizeof(argument) - (size_t)length,
		      wanted->what))
		return -EMSGSIZE;
	return talk_send(socket, "update", argument);
}

static bool is_url(const char *text)
{
	return strstr(text, "://");
}

static int send_request(int socket, const struct wanted *wanted)
{
	if (!wanted->what)
		return talk_send(socket, "confirm", "");
	if (wanted->file < 0)
		return ask_for_url(socket, wanted);
	return announce_file(socket, wanted);
}

/* The first answer says whether the update was begun. */
static enum reply ask(int socket, const struct wanted *wanted,
		      struct ctl_answer *answer)
{
	int ret = send_request(socket, wanted);

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

/* If uxmcd goes meanwhile, or wants no more, whoever follows the update hears of it. */
static enum reply send_file(int socket, const struct wanted *wanted)
{
	int ret = talk_send_file(socket, wanted->file, wanted->size);

	if (!ret || ret == -EPIPE || ret == -ECONNRESET)
		return REPLY_OK;
	if (ret == -ETIMEDOUT)
		return talk_say(ret);
	ctl_say("%s: %s", wanted->what, ret == -ENODATA ?
		"it became shorter meanwhile" : strerror(-ret));
	return REPLY_FAILED;
}

static enum reply begin(int socket, const struct wanted *wanted,
			struct ctl_answer *answer)
{
	enum reply reply = ask(socket, wanted, answer);

	if (reply == REPLY_OK && wanted->file >= 0)
		reply = send_file(socket, wanted);
	return reply;
}

/* How it ended, by what the driver tells. */
static enum reply driver_result(const struct follow *follow)
{
	const struct module *module = follow_module(follow);

	if (follow->quiet) {
		ctl_say("the update had not begun: ask for it again");
		return REPLY_NO_DAEMON;
	}
	if (!module)
		ctl_say("the module has gone");
	else if (*module->message)
		ctl_say("%s", module->message);
	return module ? result_of(module) : REPLY_FAILED;
}

/*
 * Without uxmcd, what the driver does goes on, and so does what it tells. One that
 * does not answer is not going to fetch anything.
 */
static enum reply follow_driver(struct follow *follow, int error)
{
	bool silent = error == -ETIMEDOUT;

	if (silent && follow_is_busy(follow) && !follow_is_flashing(follow))
		return talk_say(error);
	ctl_say("uxmcd %s; following the driver alone",
		silent ? "does not answer" : "has gone");
	while (follow_is_busy(follow))
		if (follow_wait(follow) == -ETIMEDOUT)
			return ctl_say_overdue();
	return driver_result(follow);
}

static void take_news(void *follow)
{
	follow_take(follow);
}

/* The second answer says how it ended. */
static enum reply follow_update(int socket, struct follow *follow)
{
	struct talk_besides besides = {
		.fd = netlink_events_fd(&follow->netlink),
		.take = take_news,
		.context = follow,
	};
	struct ctl_answer answer;
	int ret;

	follow->quiet = true;
	follow_look(follow);
	follow_show(follow);
	ret = talk_await(socket, &answer, &besides);
	if (ret)
		return follow_driver(follow, ret);
	follow_take(follow);
	if (answer.reply == REPLY_OK)
		puts(answer.text);
	else
		ctl_say("%s", answer.text);
	return answer.reply;
}

/* "uxmc0", or -1: all of them may be meant. */
static int64_t module_number(const char *name)
{
	uint64_t number;

	if (strncmp(name, "uxmc", strlen("uxmc")) ||
	    text_number(name + strlen("uxmc"), UINT32_MAX, &number))
		return -1;
	return (int64_t)number;
}

/* The driver is listened to from before the update begins. */
static enum reply update_and_follow(int socket, const struct wanted *wanted)
{
	struct follow follow;
	struct ctl_answer answer;
	enum reply reply;

	reply = follow_open(&follow);
	if (reply == REPLY_OK)
		reply = begin(socket, wanted, &answer);
	if (reply == REPLY_OK) {
		follow.only = module_number(answer.text);
		reply = follow_update(socket, &follow);
	}
	follow_close(&follow);
	return reply;
}

static enum reply update(const struct ctl_options *options,
			 const struct wanted *wanted)
{
	struct ctl_answer answer;
	enum reply reply;
	int socket;

	socket = talk_open_or_say(options->control);
	if (socket < 0)
		return (enum reply)-socket;
	if (options->no_wait)
		reply = begin(socket, wanted, &answer);
	else
		reply = update_and_follow(socket, wanted);
	close(socket);
	return reply;
}

enum reply ctl_update(const struct ctl_options *options, char **args)
{
	struct wanted wanted = { .what = args[0], .file = -1 };
	enum reply reply;

	if (options->sha256 && pin_parse(options->sha256, wanted.sha256)) {
		ctl_say("--sha256: %s", PIN_WANTS);
		return REPLY_USAGE;
	}
	if (!is_url(wanted.what)) {
		wanted.file = open_file(wanted.what, &wanted.size);
		if (wanted.file < 0)
			return (enum reply)-wanted.file;
	}
	reply = update(options, &wanted);
	if (wanted.file >= 0)
		close(wanted.file);
	return reply;
}

enum reply ctl_confirm(const struct ctl_options *options, char **args)
{
	const struct wanted wanted = { .file = -1 };

	(void)args;
	return update(options, &wanted);
}
