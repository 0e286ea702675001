// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a server has as the signature of an image; and, as a file of the same form that
 * somebody wrote, the keys. tests/fuzz/run builds it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzzer.h"
#include "keys.h"
#include "minisig.h"
#include "text.h"

#define NAME	"snomD7C-1.6.1-r.bin"

static void check_comment(const struct minisig *minisig)
{
	const unsigned char *comment = minisig->vouched + MINISIG_SIGNATURE_SIZE;
	size_t size = minisig->size - MINISIG_SIGNATURE_SIZE, i;

	for (i = 0; i < size; i++)
		if (!comment[i] || comment[i] == '\n')
			abort();
	/* It is there, with a tab or an end on both sides. */
	if (minisig_names(minisig, NAME) &&
	    !memmem(comment, size, "file:" NAME, strlen("file:" NAME)))
		abort();
}

static void take_signature(const char *text, size_t size)
{
	static struct minisig minisig;
	const char *wrong;

	memset(&minisig, 0xff, sizeof(minisig));
	wrong = minisig_parse(&minisig, text, size);
	if (wrong) {
		if (!*wrong || !text_is_clean(wrong))
			abort();
		return;
	}
	if (minisig.size < MINISIG_SIGNATURE_SIZE ||
	    minisig.size > sizeof(minisig.vouched))
		abort();
	check_comment(&minisig);
}

static void take_keys(const char *text, size_t size)
{
	static struct keys keys;
	char error[128] = "", name[KEYS_NAME_SIZE];
	size_t i;

	if (keys_parse(&keys, text, size, error, sizeof(error))) {
		if (!*error || !text_is_clean(error) || keys.count)
			abort();
		return;
	}
	if (!keys.count || keys.count > KEYS_MAX)
		abort();
	for (i = 0; i < keys.count; i++) {
		keys_name(keys.list[i].id, name);
		if (!*name || !keys_find(&keys, keys.list[i].id, NULL))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	take_signature((const char *)data, size);
	take_keys((const char *)data, size);
	return 0;
}
