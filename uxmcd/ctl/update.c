// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "follow.h"
#include "request.h"
#include "result.h"
#include "text.h"

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
static enum reply update_and_follow(int socket, const struct request *request)
{
	struct follow follow;
	struct ctl_answer answer;
	enum reply reply;

	reply = follow_open(&follow);
	if (reply == REPLY_OK)
		reply = request_begin(request, socket, &answer);
	if (reply == REPLY_OK) {
		follow.only = module_number(answer.text);
		reply = follow_update(socket, &follow);
	}
	follow_close(&follow);
	return reply;
}

static enum reply update(const struct ctl_options *options,
			 const struct request *request)
{
	struct ctl_answer answer;
	enum reply reply;
	int socket;

	socket = talk_open_or_say(options->control);
	if (socket < 0)
		return (enum reply)-socket;
	if (options->no_wait)
		reply = request_begin(request, socket, &answer);
	else
		reply = update_and_follow(socket, request);
	close(socket);
	return reply;
}

enum reply ctl_update(const struct ctl_options *options, char **args)
{
	struct request request;
	enum reply reply;

	reply = request_open(&request, args[0], options->sha256);
	if (reply == REPLY_OK)
		reply = update(options, &request);
	request_close(&request);
	return reply;
}

enum reply ctl_confirm(const struct ctl_options *options, char **args)
{
	struct request request;

	(void)args;
	request_open_confirm(&request);
	return update(options, &request);
}
