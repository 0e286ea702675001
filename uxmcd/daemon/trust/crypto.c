// SPDX-License-Identifier: GPL-2.0-or-later
#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include "crypto.h"
#include "text.h"

#define SYMBOL(name)	{ #name, offsetof(struct crypto, name) }

static const struct {
	const char *name;
	size_t offset;
} symbols[] = {
	SYMBOL(sodium_init),
	SYMBOL(crypto_hash_sha256_statebytes),
	SYMBOL(crypto_hash_sha256_init),
	SYMBOL(crypto_hash_sha256_update),
	SYMBOL(crypto_hash_sha256_final),
	SYMBOL(crypto_generichash_statebytes),
	SYMBOL(crypto_generichash_init),
	SYMBOL(crypto_generichash_update),
	SYMBOL(crypto_generichash_final),
	SYMBOL(crypto_sign_verify_detached),
};

/* Of 1.0.19 and later, and before; these functions are the same in both. */
static const char * const names[] = { "libsodium.so.26", "libsodium.so.23" };

static void *load(void)
{
	void *library = NULL;
	size_t i;

	for (i = 0; !library && i < ARRAY_SIZE(names); i++)
		library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
	return library;
}

static bool find_symbols(struct crypto *crypto)
{
	void *symbol;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(symbols); i++) {
		symbol = dlsym(crypto->library, symbols[i].name);
		if (!symbol)
			return false;
		memcpy((char *)crypto + symbols[i].offset, &symbol,
		       sizeof(symbol));
	}
	return true;
}

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
	crypto->library = load();
	if (!crypto->library) {
		text_format(sentence, size,
			    "libsodium, which images are checked with, cannot be loaded: install it (%s)",
			    dlerror());
		return -ELIBACC;
	}
	if (find_symbols(crypto) && is_compatible(crypto) &&
	    crypto->sodium_init() >= 0)
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
