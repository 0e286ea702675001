// SPDX-License-Identifier: GPL-2.0-or-later
#include "target.h"

/* FNV-1a, 64 bits. */
#define HASH_START	0xcbf29ce484222325
#define HASH_PRIME	0x100000001b3

/* With the NUL, which keeps "a" "bc" and "ab" "c" apart. */
static uint64_t add_text(uint64_t hash, const char *text)
{
	do {
		hash ^= (unsigned char)*text;
		hash *= HASH_PRIME;
	} while (*text++);
	return hash;
}

uint64_t target_hash(const char *url, const char *port, const char *serial)
{
	uint64_t hash = add_text(HASH_START, url);

	/* A module with a serial number is the same at every port. */
	if (*serial)
		port = "";
	return add_text(add_text(hash, port), serial) & INT64_MAX;
}
