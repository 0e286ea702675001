// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "appearance.h"
#include "printable.h"
#include "text.h"
#include "url.h"

/* The bytes as text of ASCII's width, with a NUL behind them. */
struct sample {
	char text[APPEARANCE_BYTES + 1];
	size_t count;
};

static const struct packed {
	const char *name;
	const char *magic;
	size_t length;
} packed[] = {
	{ "a gzip file", "\x1f\x8b\x08", 3 },
	{ "a zip file", "PK\3\4", 4 },
	{ "a zip file", "PK\5\6", 4 },
	{ "an xz file", "\3757zXZ\0", 6 },
	{ "a bzip2 file", "BZh", 3 },
	{ "a zstd file", "\x28\xb5\x2f\xfd", 4 },
	{ "a 7z file", "7z\xbc\xaf\x27\x1c", 6 },
	{ "a PDF file", "%PDF-", 5 },
};

static const struct packed *find_packed(const char *bytes, size_t count)
{
	const struct packed *one;

	for (one = packed; one < packed + ARRAY_SIZE(packed); one++)
		if (count >= one->length &&
		    !memcmp(bytes, one->magic, one->length))
			return one;
	return NULL;
}

static bool begins(const char *text, const char *with)
{
	return !strncasecmp(text, with, strlen(with));
}

/*
 * UTF-16 with its byte-order mark, if most of it is ASCII: two bytes at the beginning
 * of an opaque file may look like one. False: it is something else.
 */
static bool take_utf16(struct sample *sample, const unsigned char *bytes,
		       size_t count)
{
	bool big = bytes[0] == 0xfe && bytes[1] == 0xff;
	bool little = bytes[0] == 0xff && bytes[1] == 0xfe;
	size_t i, ascii = 0;

	if (!big && !little)
		return false;
	for (i = 2; i + 1 < count; i += 2) {
		unsigned char high = bytes[big ? i : i + 1];
		unsigned char low = bytes[big ? i + 1 : i];
		bool fits = !high && low && low < 0x80;

		if (!fits)
			low = '?';
		memcpy(&sample->text[sample->count++], &low, 1);
		ascii += fits;
	}
	return ascii && ascii >= sample->count / 4 * 3;
}

static void take_bytes(struct sample *sample, const char *bytes, size_t count)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t skip = count >= strlen(mark) && begins(bytes, mark) ?
		      strlen(mark) : 0;

	sample->count = count - skip;
	memcpy(sample->text, bytes + skip, sample->count);
}

static void take_sample(struct sample *sample, const char *bytes, size_t count)
{
	memset(sample, 0, sizeof(*sample));
	if (count < 2 ||
	    !take_utf16(sample, (const unsigned char *)bytes, count))
		take_bytes(sample, bytes, count);
	sample->text[sample->count] = '\0';
}

static bool is_blank(char c)
{
	return text_is_blank(c) || c == '\f';
}

/* What no text has: control characters but those of lines, and Escape of terminals */
static bool is_control(unsigned char c)
{
	return c < ' ' && !is_blank((char)c) && c != '\033';
}

/* All UTF-8, but for a character that is cut off, or most of it ASCII */
static bool is_text(const struct sample *sample)
{
	size_t i, length, ascii = 0, others = 0;

	for (i = 0; i < sample->count; i += length) {
		const char *text = sample->text + i;

		if (is_control((unsigned char)*text))
			return false;
		length = text_character(text, sample->count - i);
		ascii += length == 1;
		if (!length && sample->count - i > 3)
			others++;
		if (!length)
			length = 1;
	}
	return sample->count && (!others || ascii >= sample->count / 4 * 3);
}

static const char *skip_blanks(const char *text)
{
	while (is_blank(*text))
		text++;
	return text;
}

static const char *skip_tag(const char *text)
{
	text += strcspn(text, ">");
	return *text ? text + 1 : text;
}

/* What follows an instruction or a comment; NULL: it is neither, or has no end. */
static const char *skip_aside(const char *text)
{
	static const struct {
		const char *begin, *end;
	} asides[] = { { "<?", "?>" }, { "<!--", "-->" } };
	const char *end;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(asides); i++) {
		if (!begins(text, asides[i].begin))
			continue;
		end = strstr(text, asides[i].end);
		return end ? skip_blanks(end + strlen(asides[i].end)) : NULL;
	}
	return NULL;
}

static bool ends_name(char c)
{
	return is_blank(c) || c == '/' || c == '>';
}

/* What browsers take for a page (WHATWG, MIME Sniffing, section 7.1), and a few more */
static bool is_page(const char *text)
{
	static const char * const tags[] = {
		"!doctype html", "html", "head", "body", "title", "meta", "link",
		"script", "noscript", "style", "iframe", "div", "table", "center",
		"font", "form", "h1", "h2", "img", "br", "hr", "p", "a", "b",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tags); i++)
		if (begins(text + 1, tags[i]) &&
		    ends_name(text[1 + strlen(tags[i])]))
			return true;
	return false;
}

/* It begins with a tag, or something else that only markup begins with. */
static bool is_markup(const char *text)
{
	return text[0] == '<' &&
	       (strchr("?!/", text[1]) || ((text[1] | 0x20) >= 'a' &&
					   (text[1] | 0x20) <= 'z'));
}

static enum appearance_kind kind_of(const struct sample *sample)
{
	const char *text = skip_blanks(sample->text), *next;

	while ((next = skip_aside(text)))
		text = next;
	/* By chance no file begins with so much of a page. */
	if (*text == '<' && is_page(text))
		return APPEARANCE_PAGE;
	if (!is_text(sample))
		return APPEARANCE_OPAQUE;
	return is_markup(text) ? APPEARANCE_XML : APPEARANCE_TEXT;
}

/* A page's title, or the whole, if it has none */
static char *find_title(char *text)
{
	char *tag = strcasestr(text, "<title");
	char *end = tag ? strchr(tag, '>') : NULL;

	if (!end)
		return text;
	end++;
	end[strcspn(end, "<")] = '\0';
	return end;
}

/* Leaves out tags; a stretch of blanks, or of tags, becomes one blank. */
static void strip(char *text)
{
	const char *from = text;
	char *to = text;

	while (*from) {
		if (*from != '<' && !is_blank(*from)) {
			*to++ = *from++;
			continue;
		}
		from = *from == '<' ? skip_tag(from) : skip_blanks(from);
		if (to > text && to[-1] != ' ')
			*to++ = ' ';
	}
	if (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
}

/* How many bytes of the text fit, without cutting a character in two. */
static size_t fitting(const char *text, size_t size)
{
	size_t length = 0, next;

	while (text[length]) {
		next = text_character(text + length, strlen(text + length));
		if (!next)
			next = 1;
		if (length + next > size)
			break;
		length += next;
	}
	return length;
}

static void quote(struct appearance *appearance, char *text)
{
	const size_t room = sizeof(appearance->excerpt) - sizeof(": ''");

	if (appearance->kind == APPEARANCE_PAGE)
		text = find_title(text);
	strip(text);
	url_hide_in_text(text);
	text[fitting(text, room)] = '\0';
	printable(text);
	if (*text)
		text_format(appearance->excerpt, sizeof(appearance->excerpt),
			    ": '%s'", text);
}

void appearance_look(struct appearance *appearance, const void *bytes,
		     size_t count)
{
	static const char * const names[] = {
		[APPEARANCE_OPAQUE]	= "",
		[APPEARANCE_PAGE]	= "a web page",
		[APPEARANCE_XML]	= "an XML file",
		[APPEARANCE_TEXT]	= "a text",
	};
	const struct packed *archive;
	struct sample sample;

	if (count > APPEARANCE_BYTES)
		count = APPEARANCE_BYTES;
	*appearance->excerpt = '\0';
	archive = find_packed(bytes, count);
	if (archive) {
		appearance->kind = APPEARANCE_PACKED;
		appearance->name = archive->name;
		return;
	}
	take_sample(&sample, bytes, count);
	appearance->kind = kind_of(&sample);
	appearance->name = names[appearance->kind];
	if (appearance->kind != APPEARANCE_OPAQUE)
		quote(appearance, sample.text);
}
