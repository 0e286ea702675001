/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The public keys that images are signed with: the file that image_keys in uxmcd.conf
 * names, one or several files of minisign put together.
 */
#ifndef UXMC_KEYS_H
#define UXMC_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#define KEYS_MAX		16
#define KEYS_FILE_MAX		16384	/* bytes */

#define KEYS_ID_SIZE		8
#define KEYS_KEY_SIZE		32
#define KEYS_NAME_SIZE		17	/* with the terminating NUL */

/**
 * struct keys - the keys, none as long as no file has been read
 */
struct keys {
	size_t count;
	struct key {
		unsigned char id[KEYS_ID_SIZE];
		unsigned char key[KEYS_KEY_SIZE];
	} list[KEYS_MAX];
};

/*
 * Each line is a key; a comment, which begins as minisign's do or with #; or empty.
 * There has to be a key. -EINVAL, and @error says which line is wrong. Pure.
 */
int keys_parse(struct keys *keys, const char *text, size_t size, char *error,
	       size_t error_size);

/* Reads the file. -errno, and @error says what is wrong. */
int keys_load(struct keys *keys, const char *path, char *error,
	      size_t error_size);

/* The next key of that id after @key (NULL: the first); NULL: there is none. */
const struct key *keys_find(const struct keys *keys,
			    const unsigned char id[KEYS_ID_SIZE],
			    const struct key *key);

/* Is there a key of that name? */
bool keys_have(const struct keys *keys, const char *name);

/* How minisign names a key. */
void keys_name(const unsigned char id[KEYS_ID_SIZE], char name[KEYS_NAME_SIZE]);

#endif
