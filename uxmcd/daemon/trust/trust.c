// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "text.h"
#include "trust.h"

/* Digits of a sum that tell it from others, to people */
#define SHOWN	16

int trust_begin(struct trust *trust, const char *pin, char *sentence,
		size_t size)
{
	int ret = 0;

	text_copy(trust->pin, sizeof(trust->pin), pin);
	if (trust_wants_bytes(trust))
		ret = crypto_open(&trust->crypto, sentence, size);
	if (!ret)
		trust_restart(trust);
	return ret;
}

bool trust_wants_bytes(const struct trust *trust)
{
	return *trust->pin;
}

void trust_restart(struct trust *trust)
{
	digest_begin(&trust->digest, &trust->crypto, *trust->pin, false);
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

int trust_judge(struct trust *trust, char *sentence, size_t size)
{
	return check_pin(trust, sentence, size);
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
	static const char https[] = "https://";

	*words = '\0';
	if (!url)
		add_word(words, size, "file");
	else if (!strncasecmp(url, https, strlen(https)))
		add_word(words, size, "https");
	if (*trust->pin)
		add_word(words, size, "pin");
	if (!*words)
		add_word(words, size, "none");
}

void trust_end(struct trust *trust)
{
	crypto_close(&trust->crypto);
	memset(trust->pin, 0, sizeof(trust->pin));
}
