// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base64.h"
#include "keys.h"
#include "text.h"

/* What a line of a key stands for: two letters, id and key */
#define DECODED_SIZE	(2 + KEYS_ID_SIZE + KEYS_KEY_SIZE)

static bool begins_with(const char *line, size_t length, const char *prefix)
{
	return length >= strlen(prefix) &&
	       !memcmp(line, prefix, strlen(prefix));
}

static bool is_comment(const char *line, size_t length)
{
	return !length || *line == '#' ||
	       begins_with(line, length, "untrusted comment:");
}

static const char *add_key(struct keys *keys, const char *line, size_t length)
{
	unsigned char decoded[DECODED_SIZE];
	struct key *key = &keys->list[keys->count];

	if (base64_decode(line, length, decoded, sizeof(decoded)) ||
	    memcmp(decoded, "Ed", 2))
		return "it is no public key of minisign";
	if (keys->count == KEYS_MAX)
		return "there are more than 16 keys";
	memcpy(key->id, decoded + 2, sizeof(key->id));
	memcpy(key->key, decoded + 2 + sizeof(key->id), sizeof(key->key));
	keys->count++;
	return NULL;
}

static size_t without_blanks(const char *line, size_t length)
{
	while (length && text_is_blank(line[length - 1]))
		length--;
	return length;
}

int keys_parse(struct keys *keys, const char *text, size_t size, char *error,
	       size_t error_size)
{
	const char *end = text + size, *next, *wrong;
	size_t length;
	int line;

	keys->count = 0;
	for (line = 1; text < end; text = next, line++) {
		next = memchr(text, '\n', (size_t)(end - text));
		next = next ? next + 1 : end;
		length = without_blanks(text, (size_t)(next - text));
		wrong = is_comment(text, length) ? NULL :
						   add_key(keys, text, length);
		if (wrong) {
			text_format(error, error_size, "line %d: %s", line,
				    wrong);
			keys->count = 0;
			return -EINVAL;
		}
	}
	if (keys->count)
		return 0;
	text_format(error, error_size, "there is no key in it");
	return -EINVAL;
}

/* One byte more shows that it is too long. */
static int read_file(const char *path, char *text, size_t *size)
{
	FILE *file = fopen(path, "re");
	int ret;

	if (!file)
		return -errno;
	*size = fread(text, 1, KEYS_FILE_MAX + 1, file);
	ret = ferror(file) ? -errno : 0;
	fclose(file);
	return ret ? ret : *size > KEYS_FILE_MAX ? -EFBIG : 0;
}

int keys_load(struct keys *keys, const char *path, char *error,
	      size_t error_size)
{
	char text[KEYS_FILE_MAX + 1];
	size_t size = 0;
	int ret = read_file(path, text, &size);

	if (!ret)
		return keys_parse(keys, text, size, error, error_size);
	keys->count = 0;
	text_format(error, error_size, "%s", strerror(-ret));
	return ret;
}

const struct key *keys_find(const struct keys *keys,
			    const unsigned char id[KEYS_ID_SIZE],
			    const struct key *key)
{
	for (key = key ? key + 1 : keys->list; key < keys->list + keys->count;
	     key++)
		if (!memcmp(key->id, id, sizeof(key->id)))
			return key;
	return NULL;
}

void keys_name(const unsigned char id[KEYS_ID_SIZE], char name[KEYS_NAME_SIZE])
{
	uint64_t number = 0;
	size_t i;

	for (i = KEYS_ID_SIZE; i--;)
		number = number << 8 | id[i];
	text_format(name, KEYS_NAME_SIZE, "%" PRIX64, number);
}

bool keys_have(const struct keys *keys, const char *name)
{
	char other[KEYS_NAME_SIZE];
	size_t i;

	for (i = 0; i < keys->count; i++) {
		keys_name(keys->list[i].id, other);
		if (!strcmp(name, other))
			return true;
	}
	return false;
}
