/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A signature as minisign writes it beside a file, NAME.minisig: four lines,
 *
 *	untrusted comment: whatever
 *	base 64 of the letters ED, the id of a key and the signature (RFC 8032) of the
 *		file's BLAKE2b-512
 *	trusted comment: words with tabs between them, such as file:NAME
 *	base 64 of the signature of the other one and the trusted comment
 *
 * A stranger may have written it: it is taken as it has to be, or not at all. Pure.
 */
#ifndef UXMC_MINISIG_H
#define UXMC_MINISIG_H

#include <stdbool.h>
#include <stddef.h>

#include "keys.h"

#define MINISIG_SUFFIX		".minisig"
#define MINISIG_SIGNATURE_SIZE	64
#define MINISIG_COMMENT_MAX	1024

/**
 * struct minisig - see above; nothing of it has been verified
 * @key: id of the key
 * @vouched: what the second signature is of, @size bytes: the first one, and the
 *	trusted comment
 * @global: the second signature
 */
struct minisig {
	unsigned char key[KEYS_ID_SIZE];
	size_t size;
	unsigned char vouched[MINISIG_SIGNATURE_SIZE + MINISIG_COMMENT_MAX];
	unsigned char global[MINISIG_SIGNATURE_SIZE];
};

/* What is wrong with it, as the end of a sentence; NULL: nothing is. */
const char *minisig_parse(struct minisig *minisig, const char *text, size_t size);

/* Does the trusted comment say that it is of the file of that name? */
bool minisig_names(const struct minisig *minisig, const char *name);

#endif
