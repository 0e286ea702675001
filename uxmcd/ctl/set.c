// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "ask.h"
#include "ctl.h"

enum reply ctl_clear(const struct ctl_options *options, char **args)
{
	return talk(options->control, "clear", args[0]);
}

/* What is typed at a terminal is not shown. False: it is none. */
static bool hide_typing(struct termios *before)
{
	struct termios hidden;

	if (tcgetattr(STDIN_FILENO, before))
		return false;
	hidden = *before;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	return !tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
}

/* A line of standard input, for what is not to be seen among the processes. */
static bool read_value(const char *name, char *value, int size)
{
	struct termios before;
	bool hidden = hide_typing(&before), read;

	if (hidden)
		fprintf(stderr, "%s: ", name);
	read = fgets(value, size, stdin);
	if (hidden) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputc('\n', stderr);
	}
	if (read)
		value[strcspn(value, "\n")] = '\0';
	return read;
}

enum reply ctl_set(const struct ctl_options *options, char **args)
{
	const char *name = args[0], *value = args[1];
	char argument[REPLY_PACKET_MAX], line[REPLY_PACKET_MAX];
	int length;

	if (!strcmp(value, "-")) {
		if (!read_value(name, line, sizeof(line))) {
			ctl_say("there is no value on standard input");
			return REPLY_REFUSED;
		}
		value = line;
	}
	length = snprintf(argument, sizeof(argument), "%s %s", name, value);
	if (length < 0 || (size_t)length >= sizeof(argument)) {
		ctl_say("that value is too long");
		return REPLY_REFUSED;
	}
	return talk(options->control, "set", argument);
}
