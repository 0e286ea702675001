// SPDX-License-Identifier: GPL-2.0-or-later
#include <dlfcn.h>
#include <errno.h>

#include "crypto.h"
#include "library.h"
#include "text.h"

static const struct library_symbol symbols[] = {
	LIBRARY_SYMBOL(struct crypto, sodium_init),
	LIBRARY_SYMBOL(struct crypto, crypto_hash_sha256_statebytes),
	LIBRARY_SYMBOL(struct crypto, crypto_hash_sha256_init),
	LIBRARY_SYMBOL(struct crypto, crypto_hash_sha256_update),
	LIBRARY_SYMBOL(struct crypto, crypto_hash_sha256_final),
	LIBRARY_SYMBOL(struct crypto, crypto_generichash_statebytes),
	LIBRARY_SYMBOL(struct crypto, crypto_generichash_init),
	LIBRARY_SYMBOL(struct crypto, crypto_generichash_update),
	LIBRARY_SYMBOL(struct crypto, crypto_generichash_final),
	LIBRARY_SYMBOL(struct crypto, crypto_sign_verify_detached),
	{ NULL, 0 },
};

/* Of 1.0.19 and later, and before; these functions are the same in both. */
static const char * const names[] = { "libsodium.so.26", "libsodium.so.23", NULL };

/* Its structures are ours then. */
static bool is_compatible(const struct crypto *crypto)
{
	return crypto->crypto_hash_sha256_statebytes() <=
	       sizeof(crypto_hash_sha256_state) &&
	       crypto->crypto_generichash_statebytes() <=
	       sizeof(crypto_generichash_state);
}

int crypto_open(struct crypto *crypto, char *sentence, size_t size)
{
	if (crypto->library)
		return 0;
	crypto->library = library_open(names, symbols, crypto);
	if (!crypto->library && errno == ELIBACC) {
		text_format(sentence, size,
			    "libsodium, which images are checked with, cannot be loaded: install it (%s)",
			    dlerror());
		return -ELIBACC;
	}
	if (crypto->library && is_compatible(crypto) && crypto->sodium_init() >= 0)
		return 0;
	crypto_close(crypto);
	text_format(sentence, size,
		    "libsodium, which images are checked with, is of another version than uxmcd was built for: build uxmcd with it");
	return -ELIBBAD;
}

void crypto_close(struct crypto *crypto)
{
	if (crypto->library)
		dlclose(crypto->library);
	crypto->library = NULL;
}
