/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Digest authentication (RFC 7616), but for the password, which is not known here:
 * what uxmcd is to compare, and nonces. MD5 is the one algorithm that all clients
 * have; for more than to hide a password from who listens there is https.
 */
#ifndef UXMC_DIGEST_AUTH_H
#define UXMC_DIGEST_AUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "authorization.h"
#include "reply.h"

/* A nonce is good for so long, ms. */
#define DIGEST_NONCE_MAX	300000U

#define DIGEST_NONCE_SIZE	64

/* Once, with chance that nobody can guess. */
int digest_init(void);

/* A new one; @now: loop_now() */
void digest_nonce(uint64_t now, char *nonce);

enum digest_verdict {
	DIGEST_GOOD,
	DIGEST_STALE,		/* with another nonce it may be good */
	DIGEST_BAD,
};

/*
 * Is it about this request, and its nonce one of ours that is not too old? Then @text is
 * what uxmcd is to be asked, "RESPONSE MIDDLE USER".
 */
enum digest_verdict digest_check(const struct authorization_digest *digest,
				 const char *method, const char *uri, uint64_t now,
				 char *text);
#define DIGEST_TEXT_SIZE	REPLY_PACKET_MAX

/* The response was right: false if it is no new one, but has been seen already. */
bool digest_use(const struct authorization_digest *digest);

#endif
