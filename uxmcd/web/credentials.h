/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a script says who it is: an Authorization header. Pure.
 */
#ifndef UXMC_CREDENTIALS_H
#define UXMC_CREDENTIALS_H

#include <stddef.h>

#define CREDENTIALS_MAX		1024

enum credentials_scheme {
	CREDENTIALS_OTHER,	/* or it makes no sense */
	CREDENTIALS_BASIC,
	CREDENTIALS_DIGEST,
};

/**
 * struct credentials - see above
 * @basic: "USER:PASSWORD" (RFC 7617)
 * @digest: the parameters (RFC 7616, 3.4), empty where they are not there
 */
struct credentials {
	enum credentials_scheme scheme;
	char basic[CREDENTIALS_MAX];
	struct credentials_digest {
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

void credentials_parse(const char *header, struct credentials *credentials);

#endif
