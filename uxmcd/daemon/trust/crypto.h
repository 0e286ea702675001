/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What uxmcd needs of libsodium. It is loaded for as long as there is an image to
 * check, and not linked with: that would cost an idle uxmcd a tenth more memory (120
 * KiB), on all those phones, too, whose images nobody has pinned or signed.
 */
#ifndef UXMC_CRYPTO_H
#define UXMC_CRYPTO_H

#include <sodium.h>
#include <stddef.h>

#define CRYPTO_SHA256_SIZE	crypto_hash_sha256_BYTES
#define CRYPTO_BLAKE2B_SIZE	crypto_generichash_BYTES_MAX	/* BLAKE2b-512 */

/**
 * struct crypto - the library
 * @library: NULL: it is not loaded, and nothing else is to be used
 */
struct crypto {
	void *library;
	__typeof__(sodium_init) *sodium_init;
	__typeof__(crypto_hash_sha256_statebytes) *crypto_hash_sha256_statebytes;
	__typeof__(crypto_hash_sha256_init) *crypto_hash_sha256_init;
	__typeof__(crypto_hash_sha256_update) *crypto_hash_sha256_update;
	__typeof__(crypto_hash_sha256_final) *crypto_hash_sha256_final;
	__typeof__(crypto_generichash_statebytes) *crypto_generichash_statebytes;
	__typeof__(crypto_generichash_init) *crypto_generichash_init;
	__typeof__(crypto_generichash_update) *crypto_generichash_update;
	__typeof__(crypto_generichash_final) *crypto_generichash_final;
	__typeof__(crypto_sign_verify_detached) *crypto_sign_verify_detached;
};

/* Loads it, unless it is loaded; -errno, and a sentence. */
int crypto_open(struct crypto *crypto, char *sentence, size_t size);
void crypto_close(struct crypto *crypto);

#endif
