// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <string.h>

#include "log.h"
#include "order.h"
#include "text.h"
#include "verbs_web.h"

/* Others would only guess passwords, and nobody would see from where. */
static bool is_allowed(const struct order *order)
{
	if (control_is_web(order->client))
		return true;
	answer(order, REPLY_NO_PERMISSION, "not-web",
	       "that is for web_user of uxmcd.conf alone");
	return false;
}

/*
 * An argument that says what address it is about: "FROM REST". uxmcweb may say what it
 * likes; by lying it does harm to itself alone.
 */
struct sender {
	char from[LOCKOUT_FROM_SIZE];
	const char *rest;
};

static bool take_from(const struct order *order, struct sender *sender)
{
	size_t length = strcspn(order->argument, " ");

	if (length && length < sizeof(sender->from) && order->argument[length]) {
		memcpy(sender->from, order->argument, length);
		sender->from[length] = '\0';
		sender->rest = order->argument + length + 1;
		return true;
	}
	answer(order, REPLY_USAGE, "usage", "%s",
	       "say the address that it comes from first");
	return false;
}

static uint64_t seconds_to_wait(const struct order *order, const char *from)
{
	return (access_wait(order->verbs->access, from, loop_now()) + 999) / 1000;
}

/* Each wrong password is an attack, or somebody who would want to know. */
static void note_wrong(const struct order *order, const char *from)
{
	uint64_t seconds = seconds_to_wait(order, from);

	if (seconds)
		log_warning("%u wrong passwords for the web pages from %s: none from there is taken for %"
			    PRIu64 " s",
			    lockout_failures(&order->verbs->access->lockout, from,
					     loop_now()), from, seconds);
}

/* True: it was right, and there is no answer yet. */
static bool is_good(const struct order *order, const char *from,
		    enum access_result result)
{
	switch (result) {
	case ACCESS_GOOD:
		return true;
	case ACCESS_WRONG:
		note_wrong(order, from);
		answer(order, REPLY_NO_PERMISSION, "wrong", "%s",
		       "the name or the password is wrong");
		break;
	case ACCESS_BLOCKED:
		answer(order, REPLY_BUSY, "blocked", "%" PRIu64,
		       seconds_to_wait(order, from));
		break;
	case ACCESS_NO_PASSWORD:
		answer(order, REPLY_FAILED, "no-password", "%s",
		       "there is no password: set http_pass");
		break;
	}
	return false;
}

static const char *yes_or_no(bool yes)
{
	return yes ? "yes" : "no";
}

void verbs_visitor(const struct order *order)
{
	struct access *access = order->verbs->access;
	const struct settings *settings = &order->verbs->store->settings;

	if (is_allowed(order))
		answer(order, REPLY_OK, "visitor", "%s\t%s\t%s",
		       yes_or_no(access_use(access, order->argument,
					    loop_now())),
		       yes_or_no(access_has_password(access)),
		       settings_get(settings, SETTING_RESTRICT_URI_QUERIES));
}

void verbs_password(const struct order *order)
{
	struct sender sender;

	if (is_allowed(order) && take_from(order, &sender) &&
	    is_good(order, sender.from,
		    access_password(order->verbs->access, sender.from, sender.rest,
				    loop_now())))
		answer(order, REPLY_OK, "right", "%s", "that is right");
}

/* "RESPONSE MIDDLE USER": a user's name may have blanks in it. */
static bool parse_digest(char *text, struct access_digest *digest)
{
	digest->response = strsep(&text, " ");
	digest->middle = strsep(&text, " ");
	digest->user = text;
	return text;
}

void verbs_digest(const struct order *order)
{
	struct access_digest digest;
	struct sender sender;
	char text[REPLY_PACKET_MAX];

	if (!is_allowed(order) || !take_from(order, &sender))
		return;
	text_format(text, sizeof(text), "%s", sender.rest);
	if (!parse_digest(text, &digest))
		answer(order, REPLY_USAGE, "usage", "%s",
		       "digest takes a response, what is in it, and a user");
	else if (is_good(order, sender.from,
			 access_digest(order->verbs->access, sender.from, &digest,
				       loop_now())))
		answer(order, REPLY_OK, "right", "%s", "that is right");
}

void verbs_login(const struct order *order)
{
	struct access *access = order->verbs->access;
	struct sender sender;
	const char *session;

	if (!is_allowed(order) || !take_from(order, &sender) ||
	    !is_good(order, sender.from,
		     access_password(access, sender.from, sender.rest, loop_now())))
		return;
	session = access_begin(access, loop_now());
	if (session)
		answer(order, REPLY_OK, "session", "%s", session);
	else
		answer(order, REPLY_FAILED, "early", "%s",
		       "the system has only just started: try again in a minute");
}

void verbs_logout(const struct order *order)
{
	if (!is_allowed(order))
		return;
	access_end(order->verbs->access, order->argument);
	answer(order, REPLY_OK, "ended", "%s", "logged out");
}
