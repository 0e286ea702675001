/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may use the web pages. What serves them, uxmcweb, reads what strangers wrote and
 * may end at any time: so it is here that passwords are compared, wrong ones are
 * counted, and it is known who has logged in. uxmcweb never has a password that
 * nobody has sent it.
 */
#ifndef UXMC_ACCESS_H
#define UXMC_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "lockout.h"
#include "settings.h"

/* Digits of a session's name, without a NUL */
#define ACCESS_SESSION_SIZE	64

#define ACCESS_SESSIONS		16

enum access_result {
	ACCESS_GOOD,
	ACCESS_WRONG,
	ACCESS_BLOCKED,		/* it was not looked at */
	ACCESS_NO_PASSWORD,	/* there is none to compare it with */
};

/**
 * struct access - see above
 * @settings: that hold user and password
 * @user: what they were when all that follows began
 * @pass: likewise
 * @lockout: who has guessed
 * @sessions: of people who have logged in; an empty name is a free place
 */
struct access {
	const struct settings *settings;
	char user[SETTING_SECRET_MAX + 1];
	char pass[SETTING_SECRET_MAX + 1];
	struct lockout lockout;
	struct access_session {
		char name[ACCESS_SESSION_SIZE + 1];
		uint64_t used;
	} sessions[ACCESS_SESSIONS];
};

void access_open(struct access *access, const struct settings *settings);

/* Is there a password at all? */
bool access_has_password(const struct access *access);

/* "USER:PASSWORD", as Basic authentication has it; @from: the address that it came from */
enum access_result access_password(struct access *access, const char *from,
				   const char *text, uint64_t now);

/**
 * struct access_digest - what a client of Digest authentication has computed
 * @user: that it says it is
 * @middle: "nonce:nc:cnonce:qop:HA2" (RFC 7616, 3.4.1)
 * @response: in hex
 */
struct access_digest {
	const char *user;
	const char *middle;
	const char *response;
};

enum access_result access_digest(struct access *access, const char *from,
				 const struct access_digest *digest, uint64_t now);

/* How long until something from there is compared again, ms; 0: it is now. */
uint64_t access_wait(const struct access *access, const char *from, uint64_t now);

/*
 * Somebody has logged in: the name of the session, which nobody can guess. With too
 * many of them, the one that was not used for longest ends. NULL: there is not
 * enough chance yet to make one.
 */
const char *access_begin(struct access *access, uint64_t now);

/* Is that a session? If so, it is used now. */
bool access_use(struct access *access, const char *session, uint64_t now);

void access_end(struct access *access, const char *session);

#endif
