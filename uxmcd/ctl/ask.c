// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "ctl.h"

/* uxmcd leaves when there is nothing for it to do: then that is the reason. */
static enum reply explain_no_daemon(void)
{
	struct modules modules = { 0 };
	struct netlink netlink;
	enum reply reply;

	reply = ctl_open_driver(&netlink);
	if (reply == REPLY_OK && !netlink_list(&netlink, &modules) &&
	    !modules.count) {
		reply = ctl_say_no_module();
	} else if (reply == REPLY_OK) {
		ctl_say(CTL_NO_DAEMON);
		reply = REPLY_NO_DAEMON;
	}
	modules_clear(&modules);
	netlink_close(&netlink);
	return reply;
}

int talk_open_or_say(const char *path)
{
	int fd = talk_open(path, TALK_PATIENCE);

	switch (fd) {
	case -ENOENT:
	case -ECONNREFUSED:
		return -(int)explain_no_daemon();
	case -EACCES:
	case -EPERM:
		ctl_say("no permission to use %s: %s", path,
			"be root, or in the group that control_group in uxmcd.conf names");
		return -REPLY_NO_PERMISSION;
	case -ETIMEDOUT:
		return -(int)talk_say(fd);
	}
	if (fd < 0) {
		ctl_say("%s: %s", path, strerror(-fd));
		return -REPLY_NO_DAEMON;
	}
	return fd;
}

enum reply talk_say(int error)
{
	switch (error) {
	case -EMSGSIZE:
		ctl_say("that is too long");
		return REPLY_REFUSED;
	case -ETIMEDOUT:
		ctl_say(CTL_SILENT "; until then it may still do what was asked");
		break;
	case -EPIPE:
		ctl_say("uxmcd did not answer: it has gone; its log may say why");
		break;
	case -EBADMSG:
		ctl_say("uxmcd's answer makes no sense: install uxmcd and uxmcctl of one version");
		break;
	default:
		ctl_say("uxmcd did not answer: %s", strerror(-error));
		break;
	}
	return REPLY_NO_DAEMON;
}

enum reply talk_ask(const char *path, const struct ctl_question *question)
{
	struct ctl_answer answer;
	int fd, ret;

	fd = talk_open_or_say(path);
	if (fd < 0)
		return (enum reply)-fd;
	ret = talk_question(fd, question, &answer);
	close(fd);
	if (ret)
		return talk_say(ret);
	if (question->end)
		return answer.reply;
	if (answer.reply != REPLY_OK)
		ctl_say("%s", answer.text);
	else if (!strcmp(answer.word, "value"))
		puts(answer.text);
	return answer.reply;
}

enum reply talk(const char *path, const char *verb, const char *argument)
{
	struct ctl_question question = { .verb = verb, .argument = argument };

	return talk_ask(path, &question);
}
