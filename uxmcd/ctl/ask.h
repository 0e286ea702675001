/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uxmcctl asks uxmcd, and says on standard error why there is no answer.
 */
#ifndef UXMC_ASK_H
#define UXMC_ASK_H

#include "talk.h"

/* talk_open(), but it says what is wrong; -REPLY_... then. */
int talk_open_or_say(const char *path);

/* Says why there was no answer to be had; @error is a negative errno. */
enum reply talk_say(int error);

/*
 * What the (last) answer is; if there is none, it has been said why. Without an
 * end() a value is printed, and a refusal is said.
 */
enum reply talk_ask(const char *path, const struct ctl_question *question);

/* The same, of what has one packet for an answer. */
enum reply talk(const char *path, const char *verb, const char *argument);

#endif
