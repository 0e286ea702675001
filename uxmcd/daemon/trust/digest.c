// SPDX-License-Identifier: GPL-2.0-or-later
#include "digest.h"
#include "text.h"

void digest_begin(struct digest *digest, const struct crypto *crypto,
		  bool sha256, bool blake2b)
{
	digest->has_sha256 = sha256;
	digest->has_blake2b = blake2b;
	digest->count = 0;
	if (sha256)
		crypto->crypto_hash_sha256_init(&digest->sha256);
	if (blake2b)
		crypto->crypto_generichash_init(&digest->blake2b, NULL, 0,
						CRYPTO_BLAKE2B_SIZE);
}

void digest_add(struct digest *digest, const struct crypto *crypto,
		const char *data, size_t count)
{
	const unsigned char *bytes = (const unsigned char *)data;

	if (digest->has_sha256)
		crypto->crypto_hash_sha256_update(&digest->sha256, bytes, count);
	if (digest->has_blake2b)
		crypto->crypto_generichash_update(&digest->blake2b, bytes,
						  count);
	digest->count += count;
}

void digest_sha256(struct digest *digest, const struct crypto *crypto,
		   char sha256[PIN_SIZE])
{
	unsigned char sum[CRYPTO_SHA256_SIZE];
	size_t i;

	crypto->crypto_hash_sha256_final(&digest->sha256, sum);
	for (i = 0; i < sizeof(sum); i++)
		text_format(sha256 + 2 * i, 3, "%02x", sum[i]);
}

void digest_blake2b(struct digest *digest, const struct crypto *crypto,
		    unsigned char blake2b[CRYPTO_BLAKE2B_SIZE])
{
	crypto->crypto_generichash_final(&digest->blake2b, blake2b,
					 CRYPTO_BLAKE2B_SIZE);
}
