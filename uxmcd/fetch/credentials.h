/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * User and password for the server that a request names, and for no other.
 */
#ifndef UXMC_CREDENTIALS_H
#define UXMC_CREDENTIALS_H

#include <stdbool.h>

#include "fetchwire.h"

/**
 * struct credentials - see above
 * @there: there are any
 * @url: of the server that they are for
 */
struct credentials {
	bool there;
	const char *url;
	char user[FETCHWIRE_LOGIN_SIZE];
	char password[FETCHWIRE_LOGIN_SIZE];
};

/* Those in its URL, or else those beside it; both may be missing. */
void credentials_take(struct credentials *credentials,
		      const struct fetchwire_request *request);

/*
 * Are they for that URL, to which a redirect may have led? The server is the same if
 * host, port and scheme are, or if it has its client go on by https.
 */
bool credentials_fit(const struct credentials *credentials, const char *url);

#endif
