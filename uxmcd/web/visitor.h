/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who asks.
 */
#ifndef UXMC_VISITOR_H
#define UXMC_VISITOR_H

#include <stdbool.h>

/* A cookie's value, 64 digits: the second half is what is in forms. */
#define COOKIE_SIZE	65
#define TOKEN_SIZE	33

#define COOKIE_SESSION	"uxmc"
#define COOKIE_FORM	"uxmc-form"

enum visitor_kind {
	VISITOR_STRANGER,
	VISITOR_LOCAL,		/* on this machine, and there is no password */
	VISITOR_PERSON,		/* has logged in */
	VISITOR_SCRIPT,		/* has sent a right password along */
	VISITOR_WRONG,		/* a wrong one */
	VISITOR_STALE,		/* a right one, maybe: with an old nonce */
	VISITOR_BLOCKED,	/* one that was not looked at */
	VISITOR_UNKNOWN,	/* uxmcd cannot be asked */
};

/**
 * struct visitor - see above
 * @is_browser: as far as headers show
 * @error: why uxmcd cannot be asked, a negative errno
 * @seconds: until a password is looked at again
 * @has_password: there is one
 * @restricted: nothing may be changed by GET
 * @session: the name of the session; empty: none came
 * @form: of one who has none; empty: none came
 * @token: what has to be in the forms that are sent; empty: none would do
 * @fresh_form: @form is new, and to be kept by the browser
 */
struct visitor {
	enum visitor_kind kind;
	bool is_browser;
	int error;
	unsigned int seconds;
	bool has_password;
	bool restricted;
	char session[COOKIE_SIZE];
	char form[COOKIE_SIZE];
	char token[TOKEN_SIZE];
	bool fresh_form;
};

#endif
