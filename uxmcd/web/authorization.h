/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a script says who it is: an Authorization header. Pure.
 */
#ifndef UXMC_AUTHORIZATION_H
#define UXMC_AUTHORIZATION_H

#include <stddef.h>

#define AUTHORIZATION_MAX		1024

enum authorization_scheme {
	AUTHORIZATION_OTHER,	/* or it makes no sense */
	AUTHORIZATION_BASIC,
	AUTHORIZATION_DIGEST,
};

/**
 * struct authorization - see above
 * @basic: "USER:PASSWORD" (RFC 7617)
 * @digest: the parameters (RFC 7616, 3.4), empty where they are not there
 */
struct authorization {
	enum authorization_scheme scheme;
	char basic[AUTHORIZATION_MAX];
	struct authorization_digest {
		char username[256];
		char realm[64];
		char nonce[128];
		char uri[8192];
		char response[64];
		char algorithm[16];
		char cnonce[128];
		char qop[16];
		char nc[16];
	} digest;
};

void authorization_parse(const char *header, struct authorization *authorization);

#endif
