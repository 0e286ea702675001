// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "authorization.h"
#include "digest_auth.h"
#include "identify.h"
#include "log.h"
#include "loop.h"
#include "text.h"

/* One that does not look like ours is none. */
static void take_cookie(const struct request *request, const char *name, char *to)
{
	const char *value = MHD_lookup_connection_value(request->connection,
							MHD_COOKIE_KIND, name);
	size_t i;

	*to = '\0';
	if (!value || strlen(value) != COOKIE_SIZE - 1)
		return;
	for (i = 0; i < COOKIE_SIZE - 1; i++)
		if (!isxdigit((unsigned char)value[i]))
			return;
	text_copy(to, COOKIE_SIZE, value);
}

static void take_token(struct visitor *visitor, const char *cookie)
{
	if (*cookie)
		text_copy(visitor->token, TOKEN_SIZE,
			  cookie + COOKIE_SIZE - TOKEN_SIZE);
}

/*
 * Browsers keep what they answered a challenge with, and send it along whoever asks
 * them to. So none is challenged; what looks like one is one.
 */
static bool looks_like_browser(const struct request *request)
{
	const char *agent = request_header(request, "User-Agent");
	const char *accepted = request_header(request, "Accept");

	return (agent && !strncmp(agent, "Mozilla/", strlen("Mozilla/"))) ||
	       (accepted && strstr(accepted, "text/html")) ||
	       request_header(request, "Sec-Fetch-Site") ||
	       request_header(request, "Cookie");
}

/* What uxmcd said to a password */
static enum visitor_kind kind_of(struct visitor *visitor, int error,
				 const struct ctl_answer *answer,
				 enum visitor_kind good)
{
	uint64_t seconds = 0;

	if (error) {
		visitor->error = error;
		return VISITOR_UNKNOWN;
	}
	if (answer->reply == REPLY_OK)
		return good;
	if (strcmp(answer->word, "blocked") != 0)
		return VISITOR_WRONG;
	text_number(answer->text, UINT32_MAX, &seconds);
	visitor->seconds = (unsigned int)seconds;
	return VISITOR_BLOCKED;
}

/*
 * uxmcd is told where it comes from: the other end of the connection. What a header says
 * of that (X-Forwarded-For) anybody could have written.
 */
static enum visitor_kind ask(struct request *request, const char *verb,
			     const char *secret, struct ctl_answer *answer,
			     enum visitor_kind good)
{
	char argument[REPLY_PACKET_MAX];
	int ret;

	text_format(argument, sizeof(argument), "%s %s", request->peer.group, secret);
	ret = consult(&request->consult, verb, argument, answer);
	explicit_bzero(argument, sizeof(argument));
	return kind_of(&request->visitor, ret, answer, good);
}

static enum visitor_kind check_digest(struct request *request,
				      const struct authorization_digest *digest)
{
	char text[DIGEST_TEXT_SIZE];
	struct ctl_answer answer;
	enum visitor_kind kind;

	switch (digest_check(digest, request->method_name, request->url, loop_now(),
			     text)) {
	case DIGEST_BAD:
		return VISITOR_WRONG;
	case DIGEST_STALE:
		return VISITOR_STALE;
	default:
		break;
	}
	kind = ask(request, "digest", text, &answer, VISITOR_SCRIPT);
	if (kind == VISITOR_SCRIPT && !digest_use(digest))
		return VISITOR_STALE;
	return kind;
}

static enum visitor_kind check_authorization(struct request *request,
					     const char *header)
{
	struct authorization authorization;
	struct ctl_answer answer;

	authorization_parse(header, &authorization);
	switch (authorization.scheme) {
	case AUTHORIZATION_BASIC:
		return ask(request, "password", authorization.basic, &answer,
			   VISITOR_SCRIPT);
	case AUTHORIZATION_DIGEST:
		return check_digest(request, &authorization.digest);
	default:
		return VISITOR_WRONG;
	}
}

/* "KNOWN PASSWORD RESTRICTED" */
static int take_answer(struct visitor *visitor, struct ctl_answer *answer)
{
	const char *fields[3];

	if (answer->reply == REPLY_NO_PERMISSION)
		return -EPERM;
	if (strcmp(answer->word, "visitor") != 0 ||
	    reply_fields(answer->text, fields, ARRAY_SIZE(fields)))
		return -EBADMSG;
	visitor->kind = strcmp(fields[0], "yes") ? VISITOR_STRANGER :
						   VISITOR_PERSON;
	visitor->has_password = !strcmp(fields[1], "yes");
	visitor->restricted = !strcmp(fields[2], "on");
	return 0;
}

static int ask_for_visitor(struct request *request)
{
	struct visitor *visitor = &request->visitor;
	struct ctl_answer answer;
	int ret;

	ret = consult_open(&request->consult, request->config->control);
	if (!ret)
		ret = consult(&request->consult, "visitor",
			      text_or_dash(visitor->session), &answer);
	return ret ? ret : take_answer(visitor, &answer);
}

static void say_wrong(const struct request *request)
{
	const struct visitor *visitor = &request->visitor;

	if (visitor->kind == VISITOR_WRONG)
		log_warning("%s: a wrong name or password",
			    text_or_dash(request->peer.address));
}

void visitor_identify(struct request *request)
{
	const char *header = request_header(request, "Authorization");
	struct visitor *visitor = &request->visitor;

	take_cookie(request, COOKIE_SESSION, visitor->session);
	take_cookie(request, COOKIE_FORM, visitor->form);
	visitor->is_browser = looks_like_browser(request);
	visitor->error = ask_for_visitor(request);
	if (visitor->error)
		visitor->kind = VISITOR_UNKNOWN;
	else if (!visitor->has_password && request->peer.is_local)
		visitor->kind = VISITOR_LOCAL;
	else if (visitor->has_password && header)
		visitor->kind = check_authorization(request, header);
	say_wrong(request);
	take_token(visitor, visitor->kind == VISITOR_PERSON ? visitor->session :
							      visitor->form);
}

void visitor_need_token(struct request *request)
{
	struct visitor *visitor = &request->visitor;
	unsigned char bytes[COOKIE_SIZE / 2];
	size_t i;

	if (*visitor->token || visitor->kind == VISITOR_SCRIPT ||
	    getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return;
	for (i = 0; i < sizeof(bytes); i++)
		text_format(visitor->form + 2 * i, 3, "%02x", bytes[i]);
	visitor->fresh_form = true;
	take_token(visitor, visitor->form);
}

enum visitor_kind visitor_login(struct request *request, const char *user,
				const char *password)
{
	struct visitor *visitor = &request->visitor;
	struct ctl_answer answer;
	char both[REPLY_PACKET_MAX];

	visitor->kind = VISITOR_WRONG;
	/* What is behind a colon is the password for uxmcd. */
	if (strchr(user, ':'))
		return visitor->kind;
	text_format(both, sizeof(both), "%s:%s", user, password);
	visitor->kind = ask(request, "login", both, &answer, VISITOR_PERSON);
	explicit_bzero(both, sizeof(both));
	if (visitor->kind == VISITOR_PERSON &&
	    text_copy(visitor->session, COOKIE_SIZE, answer.text))
		visitor->kind = VISITOR_WRONG;
	say_wrong(request);
	return visitor->kind;
}

void visitor_logout(struct request *request)
{
	struct ctl_answer answer;

	consult(&request->consult, "logout", request->visitor.session, &answer);
}
