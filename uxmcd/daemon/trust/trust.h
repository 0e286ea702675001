/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an image has to show before it reaches a module, and whether it does. Where
 * something is wrong -errno is given, and a sentence.
 */
#ifndef UXMC_TRUST_H
#define UXMC_TRUST_H

#include "digest.h"
#include "minisig.h"

/**
 * struct trust - of one image at a time
 * @keys: it has to be signed with one of these, if there are any
 * @pin: SHA-256 that it has to have; empty: any
 * @was_signed: a signature of it was found good before
 * @has_signature: @signature is there, and one of @keys has signed its trusted comment
 * @digest: of what there is of it
 */
struct trust {
	const struct keys *keys;
	struct crypto crypto;
	char pin[PIN_SIZE];
	bool was_signed;
	bool has_signature;
	struct minisig signature;
	struct digest digest;
};

/* For the image of an update, of which there is nothing yet; @keys is filled in. */
int trust_begin(struct trust *trust, const char *pin, char *sentence,
		size_t size);

/* A good signature of it has been there already, and is there no more. */
void trust_take_as_signed(struct trust *trust);

/* Has it to be signed? */
bool trust_wants_signature(const struct trust *trust);

/* Is one by the key of that name still good? Empty: there was none. */
bool trust_accepts(const struct trust *trust, const char *signer);

/*
 * What is said to be its signature, @count bytes, for an image of that name. It comes
 * before the image, so that a bad one does not cost as much.
 */
int trust_take_signature(struct trust *trust, const char *text, size_t count,
			 const char *name, char *sentence, size_t size);

/* There is nothing of it (again). */
void trust_restart(struct trust *trust);

/* Is it to be summed up? */
bool trust_wants_bytes(const struct trust *trust);

/* Its next bytes. */
void trust_add(struct trust *trust, const char *data, size_t count);

/* All of it has been added: is it what it has to be? */
int trust_judge(struct trust *trust, char *sentence, size_t size);

/*
 * What vouches for an image from @url that was found good, in words with commas
 * between them: https, pin, signature; else none. @url: NULL: it is a file that was handed in.
 */
void trust_words(const struct trust *trust, const char *url, char *words,
		 size_t size);

/* The name of the key that it is signed with; empty if it has not been looked at. */
void trust_signer(const struct trust *trust, char name[KEYS_NAME_SIZE]);

/* Nothing is to be checked for now. */
void trust_end(struct trust *trust);

#endif
