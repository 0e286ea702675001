// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <libxml/parser.h>
#include <libxml/SAX2.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlversion.h>
#include <string.h>

#include "mend.h"
#include "provision_parse.h"
#include "text.h"
#include "utf8.h"

#define DEPTH_MAX	32

/* Bytes that the parser gets before the root, all of which it keeps. */
#define BEFORE_MAX	131072

/* Different names of tags and attributes, which the parser keeps; and bytes. */
#define NAMES_MAX	8192
#define NAMES_BYTES_MAX	524288

/* Fewer than what recent versions of libxml2 keep silent after, 100. */
#define MISTAKES_MAX	64

/* What was wrong, and where. */
struct complaint {
	bool there;
	int line;
	char text[160];
};

/**
 * struct reader - what the callbacks of the parser share
 * @parser: the parser, which reads from @mend
 * @found: what the file says, as far as it has been read
 * @error: what ends the reading
 * @mistake: in the syntax, since the last tag or text; it matters where
 *	something that is ours is read
 * @first: the first mistake of all, that others may follow from
 * @mistakes: how many there were
 * @no_memory: the parser had none
 * @given: bytes that the parser got to read
 * @ended: the root has been closed
 * @more: something follows it
 * @depth: how many tags are open
 * @lines: where they are
 * @containers: how many of them, the outermost, may hold settings
 * @reading: the innermost open tag is the setting @id; of its value, @length
 *	bytes have been read
 */
struct reader {
	xmlParserCtxt *parser;
	struct mend mend;
	struct provision found;
	struct complaint error;
	struct complaint mistake;
	struct complaint first;
	unsigned int mistakes;
	bool no_memory;
	size_t given;
	bool ended;
	bool more;
	unsigned int depth;
	int lines[DEPTH_MAX];
	unsigned int containers;
	bool reading;
	enum setting_id id;
	char perm[16];
	bool too_long;
	size_t length;
	char value[URL_MAX + 1];
};

static int line_now(struct reader *reader)
{
	return xmlSAX2GetLineNumber(reader->parser);
}

/* Names of tags get into sentences, and may be cut off there. */
static void make_ascii(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

static void complain(struct complaint *complaint, int line, const char *what,
		     const char *why)
{
	complaint->there = true;
	complaint->line = line;
	text_format(complaint->text, sizeof(complaint->text), "%s%s%s", what,
		    *what ? ": " : "", why);
	make_ascii(complaint->text);
}

/* The parser ends by itself soon, since it gets nothing more to read. */
static void fail(struct reader *reader, int line, const char *what,
		 const char *why)
{
	complain(&reader->error, line, what, why);
}

static void fail_setting(struct reader *reader, const char *why)
{
	fail(reader, reader->lines[reader->depth - 1],
	     setting_name(reader->id), why);
}

/*
 * True if what is read now is to be ignored: it has failed already, or does so
 * because of a mistake where none may be.
 */
static bool give_up(struct reader *reader, bool matters)
{
	if (reader->error.there)
		return true;
	if (matters && reader->mistake.there)
		reader->error = reader->mistake;
	reader->mistake.there = false;
	return reader->error.there;
}

static bool is_container(const char *name)
{
	static const char * const names[] = {
		"settings", "phone-settings", "firmware-settings",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/* What the parser makes of an & in an attribute, if it replaces no entities. */
static void replace_ampersand(char *text)
{
	static const char ampersand[] = "&#38;";
	char *at = strstr(text, ampersand);

	if (at)
		memmove(at + 1, at + strlen(ampersand),
			strlen(at + strlen(ampersand)) + 1);
}

/* Five pointers each: name, prefix, namespace, start and end of the value. */
static void take_perm(struct reader *reader, int count,
		      const xmlChar **attributes)
{
	reader->perm[0] = '\0';
	for (; count; count--, attributes += 5) {
		const char *start = (const char *)attributes[3];
		size_t length = (size_t)(attributes[4] - attributes[3]);

		if (strcmp((const char *)attributes[0], "perm"))
			continue;
		/* No permission is that long: part of it is wrong too. */
		if (length >= sizeof(reader->perm))
			length = sizeof(reader->perm) - 1;
		memcpy(reader->perm, start, length);
		reader->perm[length] = '\0';
		replace_ampersand(reader->perm);
		return;
	}
}

static bool has_too_many_names(const struct reader *reader)
{
	xmlDict *names = reader->parser->dict;

	return xmlDictSize(names) > NAMES_MAX ||
	       xmlDictGetUsage(names) > NAMES_BYTES_MAX;
}

static void open_tag(struct reader *reader)
{
	if (reader->depth == DEPTH_MAX)
		fail(reader, line_now(reader), "",
		     "tags within tags, more than 32 deep");
	else if (has_too_many_names(reader))
		fail(reader, line_now(reader), "",
		     "too many different tags: not a settings file");
	else
		reader->lines[reader->depth++] = line_now(reader);
}

static void fail_root(struct reader *reader, const char *tag)
{
	char what[96];

	text_format(what, sizeof(what), "the root is <%.60s>", tag);
	fail(reader, line_now(reader), what, "not a settings file");
}

static void begin_setting(struct reader *reader, int count,
			  const xmlChar **attributes)
{
	reader->reading = true;
	reader->length = 0;
	reader->too_long = false;
	take_perm(reader, count, attributes);
}

static void take_start(void *context, const xmlChar *name,
		       const xmlChar *prefix, const xmlChar *uri,
		       int namespace_count, const xmlChar **namespaces,
		       int count, int defaulted, const xmlChar **attributes)
{
	struct reader *reader = context;
	bool directly = reader->depth == reader->containers;
	const char *tag = (const char *)name;
	bool ours = directly && !setting_find(tag, &reader->id);

	(void)prefix;
	(void)uri;
	(void)namespace_count;
	(void)namespaces;
	(void)defaulted;
	if (give_up(reader, ours))
		return;
	if (reader->reading)
		fail_setting(reader, "there is a tag in its value");
	else if (directly && is_container(tag))
		reader->containers++;
	else if (!reader->depth)
		fail_root(reader, tag);
	else if (ours)
		begin_setting(reader, count, attributes);
	if (!reader->error.there)
		open_tag(reader);
}

/* Blanks before the value are left out here, those after it when it ends. */
static void take_text(void *context, const xmlChar *text, int length)
{
	struct reader *reader = context;

	if (give_up(reader, reader->reading) || !reader->reading)
		return;
	for (; length; text++, length--) {
		char c = (char)*text;

		if (text_is_blank(c) && !reader->length)
			continue;
		if (reader->length < URL_MAX)
			reader->value[reader->length++] = c;
		else if (!text_is_blank(c))
			reader->too_long = true;
	}
}

static void end_value(struct reader *reader)
{
	while (reader->length && text_is_blank(reader->value[reader->length - 1]))
		reader->length--;
	reader->value[reader->length] = '\0';
}

/* The URL of an image is judged by the rules, which say more of it. */
static int check_value(struct reader *reader, char *normal)
{
	if (reader->id != SETTING_FIRMWARE_UXM)
		return setting_check(reader->id, reader->value, normal);
	if (!text_is_clean(reader->value))
		return -EINVAL;
	return text_copy(normal, URL_MAX + 1, reader->value);
}

/* An empty value says nothing, nor does its permission then. */
static void take_setting(struct reader *reader)
{
	struct provision_entry entry = {
		.line = reader->lines[reader->depth - 1],
	};
	char value[URL_MAX + 1];

	end_value(reader);
	if (!reader->length)
		return;
	if (reader->too_long)
		fail_setting(reader, "it is longer than 2048 bytes");
	else if (check_value(reader, value))
		fail_setting(reader, setting_wants(reader->id));
	else if (permission_parse(reader->perm, &entry.permission))
		fail_setting(reader, "there is no such permission (perm)");
	else if (provision_set(&reader->found, reader->id, &entry, value))
		reader->no_memory = true;
}

static void look_for_more(struct reader *reader, const char *text,
			  size_t length)
{
	for (; length; text++, length--)
		reader->more |= !text_is_blank(*text);
}

/*
 * What the parser has in hand comes after it. It says so itself, but recent
 * versions do not if there was a mistake before.
 */
static void end_root(struct reader *reader)
{
	const char *text = (const char *)reader->parser->input->cur;
	const char *end = (const char *)reader->parser->input->end;

	reader->ended = true;
	reader->lines[0] = line_now(reader);
	look_for_more(reader, text, (size_t)(end - text));
}

static void take_end(void *context, const xmlChar *name, const xmlChar *prefix,
		     const xmlChar *uri)
{
	struct reader *reader = context;
	bool container = reader->depth == reader->containers;

	(void)name;
	(void)prefix;
	(void)uri;
	if (give_up(reader, reader->reading || container))
		return;
	if (reader->reading)
		take_setting(reader);
	else if (container)
		reader->containers--;
	reader->reading = false;
	if (!--reader->depth)
		end_root(reader);
}

/* Where mending ended, the parser sees the end of the file. */
static bool follows_from_end(const struct reader *reader, int line)
{
	return reader->mend.error && line >= reader->mend.error_line;
}

/* libxml2 2.12 made it const. */
#if LIBXML_VERSION >= 21200
static void take_error(void *context, const xmlError *error)
#else
static void take_error(void *context, xmlError *error)
#endif
{
	struct reader *reader = context;
	char why[120];

	if (error->code == XML_ERR_NO_MEMORY || !error->message)
		reader->no_memory = true;
	if (reader->no_memory || reader->error.there ||
	    error->level < XML_ERR_ERROR)
		return;
	if (++reader->mistakes > MISTAKES_MAX)
		fail(reader, error->line, "",
		     "too many mistakes: not a settings file");
	if (error->level != XML_ERR_FATAL ||
	    follows_from_end(reader, error->line))
		return;

	text_format(why, sizeof(why), "%.*s",
		    (int)strcspn(error->message, "\n"), error->message);
	complain(&reader->mistake, error->line, "", why);
	if (!reader->first.there)
		reader->first = reader->mistake;
}

/* Not left to the parser, which would keep all the blanks there are. */
static void read_rest(struct reader *reader)
{
	char rest[256];
	size_t length;

	while ((length = mend_read(&reader->mend, rest, sizeof(rest))))
		look_for_more(reader, rest, length);
}

/* Where it cannot be mended, the text ends as far as the parser can see. */
static int read_mended(void *context, char *to, int size)
{
	struct reader *reader = context;
	size_t length;

	if (reader->error.there || reader->ended)
		return 0;
	length = mend_read(&reader->mend, to, (size_t)size);
	reader->given += length;
	if (!reader->depth && reader->given > BEFORE_MAX)
		fail(reader, reader->mend.line, "",
		     "no settings up to here: not a settings file");
	return (int)length;
}

/*
 * Printing errors is what XML_PARSE_NOERROR turns off, but recent versions then
 * do not report them either; with a function to report to, none are printed.
 */
static int parse(struct reader *reader)
{
	static const xmlSAXHandler handler = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = take_start,
		.endElementNs = take_end,
		.characters = take_text,
		.ignorableWhitespace = take_text,
		.serror = take_error,
	};

	reader->parser = xmlNewParserCtxt();
	if (!reader->parser)
		return -ENOMEM;
	*reader->parser->sax = handler;
	reader->parser->userData = reader;
	xmlCtxtReadIO(reader->parser, read_mended, NULL, reader, NULL, NULL,
		      XML_PARSE_RECOVER | XML_PARSE_NONET);
	read_rest(reader);
	xmlFreeParserCtxt(reader->parser);
	return reader->no_memory ? -ENOMEM : 0;
}

/* What is wrong with the file, seen from its end; false: nothing. */
static bool judge(struct reader *reader)
{
	if (reader->error.there)
		return true;
	if (reader->mend.error)
		fail(reader, reader->mend.error_line, "", reader->mend.error);
	else if (!reader->ended && reader->first.there)
		/* An end tag that is missing is felt at the end only. */
		reader->error = reader->first;
	else if (!reader->ended)
		fail(reader, reader->mend.line, "", "the file is not whole");
	else if (reader->more)
		fail(reader, reader->lines[0], "",
		     "something follows the end of the settings");
	return reader->error.there;
}

static int read_text(struct reader *reader, const char *data, size_t size)
{
	struct utf8 utf8;
	int ret;

	ret = utf8_from(&utf8, data, size);
	if (ret)
		return ret;
	mend_begin(&reader->mend, utf8.text, utf8.length);
	ret = parse(reader);
	utf8_free(&utf8);
	return ret;
}

int provision_parse(const char *name, const char *data, size_t size,
		    struct provision *provision, char *error,
		    size_t error_size)
{
	struct reader reader = { .id = SETTING_FIRMWARE_UXM };
	int ret;

	ret = read_text(&reader, data, size);
	if (!ret && judge(&reader)) {
		text_format(error, error_size, "%.80s: line %d: %s", name,
			    reader.error.line, reader.error.text);
		ret = -EINVAL;
	}
	if (ret)
		provision_clear(&reader.found);
	else
		provision_move(provision, &reader.found);
	return ret;
}
