/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An answer of uxmcd, as reply.h describes it, and what is in its text. Pure.
 */
#ifndef UXMC_REPLY_PARSE_H
#define UXMC_REPLY_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "reply.h"

/**
 * struct ctl_answer - one packet
 * @reply: the number
 * @word: for scripts
 * @text: what follows, fit for a terminal; empty if nothing does
 */
struct ctl_answer {
	enum reply reply;
	char word[32];
	char text[REPLY_PACKET_MAX];
};

/*
 * "0 accepted uxmc0". -EBADMSG: it is none. An uxmcd that did not know the verb
 * gets a sentence that says what to do about it.
 */
int reply_parse(const char *packet, struct ctl_answer *answer);

/* A packet after which more will come. */
bool reply_goes_on(const struct ctl_answer *answer);

/*
 * Takes a text apart at its tabs. "-" stands for nothing, and becomes an empty
 * string. What there is beyond @count is left out; -EBADMSG: there is less.
 */
int reply_fields(char *text, const char **fields, size_t count);

/* One rule that was looked at. */
struct ctl_step {
	const char *rule;
	const char *outcome;
	const char *text;
};

/* "RULE OUTCOME SENTENCE", taken apart; -EBADMSG: it is something else. */
int reply_step(char *text, struct ctl_step *step);

/* A file that a setting leads to, as reply.h has it; @next may be empty. */
struct ctl_file {
	const char *setting;
	const char *outcome;
	const char *next;
	const char *url;
	const char *text;
};

/* The fields of its packet, taken apart; -EBADMSG: it is something else. */
int reply_file(char *text, struct ctl_file *file);

#endif
