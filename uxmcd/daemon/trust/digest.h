/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sums of an image, as its bytes come: SHA-256 (FIPS 180-4) and BLAKE2b-512
 * (RFC 7693).
 */
#ifndef UXMC_DIGEST_H
#define UXMC_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto.h"
#include "pin.h"

/**
 * struct digest - see above
 * @has_sha256: is wanted
 * @has_blake2b: is wanted
 * @count: bytes that are in them
 */
struct digest {
	bool has_sha256;
	bool has_blake2b;
	uint64_t count;
	crypto_hash_sha256_state sha256;
	crypto_generichash_state blake2b;
};

/* With no bytes in them. */
void digest_begin(struct digest *digest, const struct crypto *crypto,
		  bool sha256, bool blake2b);

void digest_add(struct digest *digest, const struct crypto *crypto,
		const char *data, size_t count);

/* The sums of what was added, which nothing can be added to any more. */
void digest_sha256(struct digest *digest, const struct crypto *crypto,
		   char sha256[PIN_SIZE]);
void digest_blake2b(struct digest *digest, const struct crypto *crypto,
		    unsigned char blake2b[CRYPTO_BLAKE2B_SIZE]);

#endif
