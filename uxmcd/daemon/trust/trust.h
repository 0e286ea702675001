/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an image has to show before it reaches a module, and whether it does. Where
 * something is wrong -errno is given, and a sentence.
 */
#ifndef UXMC_TRUST_H
#define UXMC_TRUST_H

#include "digest.h"

#define TRUST_WORDS_SIZE	32

/**
 * struct trust - of one image at a time
 * @pin: SHA-256 that it has to have; empty: any
 * @digest: of what there is of it
 */
struct trust {
	struct crypto crypto;
	char pin[PIN_SIZE];
	struct digest digest;
};

/* For the image of an update, of which there is nothing yet. */
int trust_begin(struct trust *trust, const char *pin, char *sentence,
		size_t size);

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
 * between them: https, pin; else none. @url: NULL: it is a file that was handed in.
 */
void trust_words(const struct trust *trust, const char *url, char *words,
		 size_t size);

/* Nothing is to be checked for now. */
void trust_end(struct trust *trust);

#endif
