// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlversion.h>
#include <string.h>

#include "attribute.h"
#include "candidate.h"
#include "mend.h"
#include "provision_parse.h"
#include "tag.h"
#include "text.h"
#include "utf8.h"
#include "xml.h"

#define DEPTH_MAX	32

/* Bytes that the parser gets before the root, all of which it keeps. */
#define BEFORE_MAX	131072

/* Different names of tags and attributes, which the parser keeps; and bytes. */
#define NAMES_MAX	8192
#define NAMES_BYTES_MAX	524288

/* Fewer than what recent versions of libxml2 keep silent after, 100. */
#define MISTAKES_MAX	64

/**
 * struct reader - what the callbacks of the parser share
 * @xml: the library
 * @parser: the parser, which reads from @mend
 * @found: what the file says, as far as it has been read
 * @error: what ends the reading
 * @mistake: in the syntax, since the last tag or text; it matters where
 *	something that is ours is read
 * @first: the first mistake of all, that others may follow from
 * @mistakes: how many there were
 * @no_memory: the parser had none
 * @given: bytes that the parser got to read
 * @listed: it is one of the files that another one names
 * @other: nothing in the root is of interest
 * @idle: and its tag was whole, so nothing more is read
 * @ended: the root has been closed
 * @more: something follows it
 * @depth: how many tags are open
 * @lines: where they are
 * @containers: how many of them, the outermost, may hold settings or name files
 * @naming: the innermost of them names files
 * @reading: @candidate is being read, and its tag is the @reading-th that is open; 0:
 *	none is
 */
struct reader {
	const struct xml *xml;
	xmlParserCtxt *parser;
	struct mend mend;
	struct provision found;
	struct complaint error;
	struct complaint mistake;
	struct complaint first;
	unsigned int mistakes;
	bool no_memory;
	size_t given;
	bool listed;
	bool other;
	bool idle;
	bool ended;
	bool more;
	unsigned int depth;
	int lines[DEPTH_MAX];
	unsigned int containers;
	bool naming;
	unsigned int reading;
	struct candidate candidate;
};

static int line_now(struct reader *reader)
{
	return reader->xml->xmlSAX2GetLineNumber(reader->parser);
}

/* The parser ends by itself soon, since it gets nothing more to read. */
static void fail(struct reader *reader, int line, const char *what,
		 const char *why)
{
	complain(&reader->error, line, what, why);
}

/* Something in the file does not count, though the rest does. */
static void drop(struct reader *reader, int line, const char *sentence)
{
	if (provision_drop(&reader->found, line, sentence))
		reader->no_memory = true;
}

/*
 * True if what is read now is to be ignored: the file is of no interest, or has failed
 * already, or does so because of a mistake where none may be.
 */
static bool give_up(struct reader *reader, bool matters)
{
	reader->idle = reader->other;
	if (reader->error.there || reader->idle)
		return true;
	if (matters && reader->mistake.there && !reader->mistake.harmless)
		reader->error = reader->mistake;
	return reader->error.there;
}

/* One that was made within what is being read costs no more than that. */
static void take_mistake(struct reader *reader)
{
	if (reader->reading && reader->mistake.there)
		candidate_spoil(&reader->candidate, reader->mistake.line,
				reader->mistake.text);
	reader->mistake.there = false;
}

static bool has_too_many_names(const struct reader *reader)
{
	xmlDict *names = reader->parser->dict;

	return reader->xml->xmlDictSize(names) > NAMES_MAX ||
	       reader->xml->xmlDictGetUsage(names) > NAMES_BYTES_MAX;
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

/* The root is none of those that are looked into. */
static void take_other_root(struct reader *reader, enum tag tag, const char *name)
{
	enum setting_id id;

	reader->other = setting_find(name, &id) &&
			tag_is_idle_root(tag, name, reader->listed);
	if (!reader->other)
		fail_root(reader, name);
}

static void begin_setting(struct reader *reader, enum setting_id id, int count,
			  const xmlChar **attributes)
{
	reader->reading = reader->depth + 1;
	candidate_begin(&reader->candidate, id, line_now(reader));
	candidate_take_attributes(&reader->candidate, count, attributes);
}

static void begin_container(struct reader *reader, enum tag tag)
{
	reader->containers++;
	reader->naming = tag == TAG_FILES;
}

/* As it is written: whoever knows where this file is from can make a URL of it. */
static void take_file(struct reader *reader, int count,
		      const xmlChar **attributes)
{
	char url[URL_MAX + 2] = "";
	int line = line_now(reader);

	attribute_take(count, attributes, "url", url, sizeof(url));
	if (!*url)
		drop(reader, line, "file: it has no url");
	else if (strlen(url) > URL_MAX)
		drop(reader, line, "file: its url is longer than 2048 bytes");
	else if (provision_count(reader->found.files) ==
		 PROVISION_FILES_MAX)
		fail(reader, line, "", "it names more than 24 files");
	else if (provision_add(&reader->found.files, line, url))
		reader->no_memory = true;
}

/* It is in nothing but what may hold settings, or name files. */
static void take_direct(struct reader *reader, const char *name, int count,
			const xmlChar **attributes)
{
	enum tag tag = tag_find(name);

	if (reader->naming && !strcmp(name, "file"))
		take_file(reader, count, attributes);
	else if (reader->naming)
		return;
	else if (tag == TAG_SETTINGS || tag == TAG_FILES)
		begin_container(reader, tag);
	else if (!reader->depth)
		take_other_root(reader, tag, name);
}

static bool is_direct(const struct reader *reader)
{
	return reader->depth == reader->containers;
}

static bool is_setting(const struct reader *reader, const char *name,
		       enum setting_id *id)
{
	return is_direct(reader) && !reader->naming && !setting_find(name, id);
}

static void take_start(void *context, const xmlChar *name,
		       const xmlChar *prefix, const xmlChar *uri,
		       int namespace_count, const xmlChar **namespaces,
		       int count, int defaulted, const xmlChar **attributes)
{
	struct reader *reader = context;
	const char *tag = (const char *)name;
	enum setting_id id;
	bool ours = is_setting(reader, tag, &id);

	(void)prefix;
	(void)uri;
	(void)namespace_count;
	(void)namespaces;
	(void)defaulted;
	if (give_up(reader, reader->reading || ours))
		return;
	if (reader->reading)
		candidate_spoil(&reader->candidate, reader->candidate.line,
				"there is a tag in its value");
	else if (ours && reader->depth)
		begin_setting(reader, id, count, attributes);
	else if (is_direct(reader))
		take_direct(reader, tag, count, attributes);
	take_mistake(reader);
	if (!reader->error.there)
		open_tag(reader);
}

static void take_text(void *context, const xmlChar *text, int length)
{
	struct reader *reader = context;

	if (give_up(reader, reader->reading))
		return;
	take_mistake(reader);
	if (reader->reading)
		candidate_take_text(&reader->candidate, (const char *)text, length);
}

/* One that does not count takes the place of others all the same, if it is an image. */
static void end_setting(struct reader *reader)
{
	struct candidate *candidate = &reader->candidate;

	reader->reading = 0;
	if (!candidate_check(candidate)) {
		if (candidate_give(candidate, &reader->found))
			reader->no_memory = true;
		return;
	}
	if (candidate->id == SETTING_FIRMWARE_UXM)
		provision_spoil(&reader->found);
	drop(reader, candidate->wrong.line, candidate->wrong.text);
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
	take_mistake(reader);
	if (reader->reading && reader->reading == reader->depth) {
		end_setting(reader);
	} else if (container) {
		reader->containers--;
		reader->naming = false;
	}
	if (!--reader->depth)
		end_root(reader);
}

/* Where mending ended, the parser sees the end of the file. */
static bool follows_from_end(const struct reader *reader, int line)
{
	return reader->mend.error && line >= reader->mend.error_line;
}

/* Of mistakes after which the parser goes on with what is next; NULL: it is another. */
static const char *harmless(int code)
{
	switch (code) {
	case XML_ERR_INVALID_HEX_CHARREF:
	case XML_ERR_INVALID_DEC_CHARREF:
	case XML_ERR_INVALID_CHARREF:
	case XML_ERR_INVALID_CHAR:
		return "there is a character in it that cannot be in such a file";
	case XML_ERR_ATTRIBUTE_REDEFINED:
		return "its tag has an attribute twice";
	default:
		return NULL;
	}
}

/* libxml2 2.12 made it const. */
#if LIBXML_VERSION >= 21200
static void take_error(void *context, const xmlError *error)
#else
static void take_error(void *context, xmlError *error)
#endif
{
	struct reader *reader = context;
	const char *mild = harmless(error->code);
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
	if (reader->mistake.there && !reader->mistake.harmless)
		return;
	complain(&reader->mistake, error->line, "", mild ? mild : why);
	reader->mistake.harmless = mild;
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

	if (reader->error.there || reader->ended || reader->idle)
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

	reader->parser = reader->xml->xmlNewParserCtxt();
	if (!reader->parser)
		return -ENOMEM;
	*reader->parser->sax = handler;
	reader->parser->userData = reader;
	reader->xml->xmlCtxtReadIO(reader->parser, read_mended, NULL, reader, NULL, NULL,
				   XML_PARSE_RECOVER | XML_PARSE_NONET);
	read_rest(reader);
	reader->xml->xmlFreeParserCtxt(reader->parser);
	return reader->no_memory ? -ENOMEM : 0;
}

/* What is wrong with the file, seen from its end; false: nothing. */
static bool judge(struct reader *reader)
{
	if (reader->error.there || reader->idle)
		return reader->error.there;
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
	char unused[256];
	struct utf8 utf8;
	int ret;

	reader->xml = xml_load(unused, sizeof(unused));
	if (!reader->xml)
		return -ELIBACC;
	ret = utf8_from(&utf8, data, size);
	if (ret)
		return ret;
	mend_begin(&reader->mend, utf8.text, utf8.length);
	ret = parse(reader);
	utf8_free(&utf8);
	return ret;
}

int provision_parse(const char *data, size_t size, bool listed,
		    struct provision *provision, char *error,
		    size_t error_size)
{
	struct reader reader = { .listed = listed };
	int ret;

	ret = read_text(&reader, data, size);
	if (!ret && judge(&reader)) {
		text_format(error, error_size, "line %d: %s",
			    reader.error.line, reader.error.text);
		ret = -EINVAL;
	}
	if (ret)
		provision_clear(&reader.found);
	else
		provision_move(provision, &reader.found);
	return ret;
}

bool provision_is_idle(const char *data, size_t size, bool listed)
{
	struct reader reader = { .listed = listed };
	int ret = read_text(&reader, data, size);

	provision_clear(&reader.found);
	return !ret && !reader.error.there && reader.idle;
}
