// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "text.h"
#include "trust.h"
#include "url.h"

/* Digits of a sum that tell it from others, to people */
#define SHOWN	16

int trust_begin(struct trust *trust, const char *pin, char *sentence,
		size_t size)
{
	int ret = 0;

	text_copy(trust->pin, sizeof(trust->pin), pin);
	trust->was_signed = false;
	trust->has_signature = false;
	if (trust_wants_bytes(trust))
		ret = crypto_open(&trust->crypto, sentence, size);
	if (!ret)
		trust_restart(trust);
	return ret;
}

void trust_take_as_signed(struct trust *trust)
{
	trust->was_signed = true;
}

bool trust_wants_bytes(const struct trust *trust)
{
	return *trust->pin || trust_wants_signature(trust);
}

bool trust_wants_signature(const struct trust *trust)
{
	return trust->keys && trust->keys->count;
}

bool trust_accepts(const struct trust *trust, const char *signer)
{
	return !trust_wants_signature(trust) || keys_have(trust->keys, signer);
}

static int verify(const struct trust *trust, const struct key *key,
		  const unsigned char *signature, const unsigned char *data,
		  size_t size)
{
	return trust->crypto.crypto_sign_verify_detached(signature, data, size,
							 key->key);
}

static bool is_verified_by(const struct trust *trust, const struct key *key)
{
	const struct minisig *signature = &trust->signature;

	return !verify(trust, key, signature->global, signature->vouched,
		       signature->size);
}

/* Two keys of the same name are no reason to be at a loss. */
static const char *check_comment(const struct trust *trust, const char *name)
{
	const struct key *key = NULL;

	do {
		key = keys_find(trust->keys, trust->signature.key, key);
		if (!key)
			return "its trusted comment is not as it was signed";
	} while (!is_verified_by(trust, key));
	return minisig_names(&trust->signature, name) ? NULL :
	       "its trusted comment names another file, or none";
}

static int refuse_signature(const char *wrong, char *sentence, size_t size)
{
	text_format(sentence, size,
		    "the signature of the image is not good: %s (image_keys in uxmcd.conf)",
		    wrong);
	return -EKEYREJECTED;
}

static int refuse_key(const unsigned char *id, char *sentence, size_t size)
{
	char name[KEYS_NAME_SIZE];

	keys_name(id, name);
	text_format(sentence, size,
		    "the image is signed with key %s, which is not among image_keys in uxmcd.conf",
		    name);
	return -ENOKEY;
}

int trust_take_signature(struct trust *trust, const char *text, size_t count,
			 const char *name, char *sentence, size_t size)
{
	struct minisig *signature = &trust->signature;
	const char *wrong = minisig_parse(signature, text, count);

	trust->has_signature = false;
	if (!wrong && !keys_find(trust->keys, signature->key, NULL))
		return refuse_key(signature->key, sentence, size);
	if (!wrong)
		wrong = check_comment(trust, name);
	if (wrong)
		return refuse_signature(wrong, sentence, size);
	trust->has_signature = true;
	return 0;
}

void trust_restart(struct trust *trust)
{
	digest_begin(&trust->digest, &trust->crypto, *trust->pin,
		     trust_wants_signature(trust));
}

void trust_add(struct trust *trust, const char *data, size_t count)
{
	digest_add(&trust->digest, &trust->crypto, data, count);
}

static int check_pin(struct trust *trust, char *sentence, size_t size)
{
	char sha256[PIN_SIZE];

	if (!*trust->pin)
		return 0;
	digest_sha256(&trust->digest, &trust->crypto, sha256);
	if (!strcmp(sha256, trust->pin))
		return 0;
	text_format(sentence, size,
		    "the image is not the one that was pinned: its SHA-256 is %.*s..., not %.*s...: correct the image or the pin",
		    SHOWN, sha256, SHOWN, trust->pin);
	return -EBADMSG;
}

static bool is_signed_by(const struct trust *trust, const struct key *key,
			 const unsigned char *blake2b)
{
	return !verify(trust, key, trust->signature.vouched, blake2b,
		       CRYPTO_BLAKE2B_SIZE);
}

static int check_signature(struct trust *trust, char *sentence, size_t size)
{
	unsigned char blake2b[CRYPTO_BLAKE2B_SIZE];
	const struct key *key = NULL;

	if (!trust_wants_signature(trust) || trust->was_signed)
		return 0;
	if (!trust->has_signature)
		return refuse_signature("there is none", sentence, size);
	digest_blake2b(&trust->digest, &trust->crypto, blake2b);
	do {
		key = keys_find(trust->keys, trust->signature.key, key);
		if (!key)
			return refuse_signature("it is of another image",
						sentence, size);
	} while (!is_signed_by(trust, key, blake2b));
	return 0;
}

int trust_judge(struct trust *trust, char *sentence, size_t size)
{
	int ret = check_pin(trust, sentence, size);

	return ret ? ret : check_signature(trust, sentence, size);
}

static void add_word(char *words, size_t size, const char *word)
{
	size_t length = strlen(words);

	text_format(words + length, size - length, "%s%s", length ? "," : "",
		    word);
}

void trust_words(const struct trust *trust, const char *url, char *words,
		 size_t size)
{
	*words = '\0';
	if (!url)
		add_word(words, size, "file");
	else if (url_is_secure(url))
		add_word(words, size, "https");
	if (*trust->pin)
		add_word(words, size, "pin");
	if (trust_wants_signature(trust))
		add_word(words, size, "signature");
	if (!*words)
		add_word(words, size, "none");
}

void trust_signer(const struct trust *trust, char name[KEYS_NAME_SIZE])
{
	*name = '\0';
	if (trust->has_signature)
		keys_name(trust->signature.key, name);
}

void trust_end(struct trust *trust)
{
	crypto_close(&trust->crypto);
	*trust->pin = '\0';
	trust->has_signature = false;
}
