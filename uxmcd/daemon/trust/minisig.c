// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "base64.h"
#include "minisig.h"

#define UNTRUSTED	"untrusted comment: "
#define TRUSTED		"trusted comment: "
#define FILE_WORD	"file:"

/* What the second line stands for: two letters, id and signature */
#define DECODED_SIZE	(2 + KEYS_ID_SIZE + MINISIG_SIGNATURE_SIZE)

/* A piece of the text. */
struct span {
	const char *start;
	size_t length;
};

/* Tabs are in trusted comments, and minisign puts up with CR LF. */
static bool is_text(const char *text, size_t size)
{
	for (; size; text++, size--)
		if (((unsigned char)*text < ' ' && *text != '\t' &&
		     *text != '\r' && *text != '\n') || *text == 0x7f)
			return false;
	return true;
}

/* Cuts off what is in front of the separator; of the last piece that may be missing. */
static struct span cut(struct span *text, char separator)
{
	const char *end = memchr(text->start, separator, text->length);
	struct span piece = *text;
	size_t skipped = text->length;

	if (end) {
		piece.length = (size_t)(end - text->start);
		skipped = piece.length + 1;
	}
	text->start += skipped;
	text->length -= skipped;
	return piece;
}

static struct span next_line(struct span *text)
{
	struct span line = cut(text, '\n');

	if (line.length && line.start[line.length - 1] == '\r')
		line.length--;
	return line;
}

static bool skip(struct span *span, const char *prefix)
{
	size_t length = strlen(prefix);

	if (span->length < length || memcmp(span->start, prefix, length))
		return false;
	span->start += length;
	span->length -= length;
	return true;
}

static const char *take_signature(struct minisig *minisig, struct span line)
{
	unsigned char decoded[DECODED_SIZE];

	if (base64_decode(line.start, line.length, decoded, sizeof(decoded)))
		return "its second line is no signature";
	/* That takes all of the file in memory at once (RFC 8032, section 5.1). */
	if (!memcmp(decoded, "Ed", 2))
		return "it is of the old kind: sign without -l or, where minisign is old, with -H";
	if (memcmp(decoded, "ED", 2))
		return "its second line is a signature of no known kind";
	memcpy(minisig->key, decoded + 2, sizeof(minisig->key));
	memcpy(minisig->vouched, decoded + 2 + sizeof(minisig->key),
	       MINISIG_SIGNATURE_SIZE);
	return NULL;
}

static const char *take_comment(struct minisig *minisig, struct span line)
{
	if (!skip(&line, TRUSTED))
		return "its third line is no trusted comment";
	if (line.length > MINISIG_COMMENT_MAX)
		return "its trusted comment is too long";
	memcpy(minisig->vouched + MINISIG_SIGNATURE_SIZE, line.start,
	       line.length);
	minisig->size = MINISIG_SIGNATURE_SIZE + line.length;
	return NULL;
}

const char *minisig_parse(struct minisig *minisig, const char *text, size_t size)
{
	struct span rest = { text, size }, line;
	const char *wrong;

	if (!is_text(text, size))
		return "it is no text";
	line = next_line(&rest);
	if (!skip(&line, UNTRUSTED))
		return "it does not begin with \"" UNTRUSTED "\"";
	wrong = take_signature(minisig, next_line(&rest));
	if (!wrong)
		wrong = take_comment(minisig, next_line(&rest));
	if (wrong)
		return wrong;
	line = next_line(&rest);
	if (base64_decode(line.start, line.length, minisig->global,
			  sizeof(minisig->global)))
		return "its fourth line is no signature";
	return rest.length ? "there are more than four lines" : NULL;
}

bool minisig_names(const struct minisig *minisig, const char *name)
{
	struct span comment = {
		(const char *)minisig->vouched + MINISIG_SIGNATURE_SIZE,
		minisig->size - MINISIG_SIGNATURE_SIZE,
	};
	struct span word;

	while (comment.length) {
		word = cut(&comment, '\t');
		if (skip(&word, FILE_WORD))
			return word.length == strlen(name) &&
			       !memcmp(word.start, name, word.length);
	}
	return false;
}
