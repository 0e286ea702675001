// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "mend.h"
#include "text.h"

#define DIGITS_MAX	8	/* of a character reference */

enum state {
	TEXT,
	CDATA,
	COMMENT,
	INSTRUCTION,
	DOCTYPE,
	DOCTYPE_QUOTED,
	TAG_NAME,
	BETWEEN,		/* attributes */
	NAME,
	AFTER_NAME,
	BEFORE_VALUE,
	QUOTED,
	AFTER_QUOTED,
	UNQUOTED,
};

static void fail(struct mend *mend, int line, const char *error)
{
	mend->error = error;
	mend->error_line = line;
}

/* The character at some distance; 0 past the end. */
static char peek(const struct mend *mend, size_t distance)
{
	if (distance >= (size_t)(mend->end - mend->at))
		return '\0';
	return mend->at[distance];
}

static bool begins(const struct mend *mend, const char *with)
{
	const char *at = mend->at;

	while (*with && at < mend->end && *at == *with) {
		at++;
		with++;
	}
	return !*with;
}

static bool begins_name(char c)
{
	return isalpha((unsigned char)c) || c == '_' || c == ':' ||
	       (unsigned char)c >= 0x80;
}

static bool ends_tag(const struct mend *mend)
{
	return *mend->at == '>' || begins(mend, "/>");
}

static void put(struct mend *mend, const char *text)
{
	size_t length = strlen(text);

	memcpy(mend->held + mend->count, text, length);
	mend->count += length;
}

static char take(struct mend *mend)
{
	if (*mend->at == '\n')
		mend->line++;
	return *mend->at++;
}

static void pass(struct mend *mend)
{
	mend->held[mend->count++] = take(mend);
}

static void replace(struct mend *mend, const char *by)
{
	take(mend);
	put(mend, by);
}

/* Left out, but for the ends of lines. */
static void drop(struct mend *mend)
{
	if (*mend->at == '\n')
		pass(mend);
	else
		take(mend);
}

/* &#8230; or &#x2026; */
static bool is_character_reference(const struct mend *mend)
{
	bool hex = peek(mend, 2) == 'x';
	size_t start = hex ? 3 : 2, at = start;

	if (peek(mend, 1) != '#')
		return false;
	while (hex ? isxdigit((unsigned char)peek(mend, at)) :
		     isdigit((unsigned char)peek(mend, at)))
		at++;
	return at > start && at <= start + DIGITS_MAX && peek(mend, at) == ';';
}

/* One of those that need not be declared. */
static bool is_reference(const struct mend *mend)
{
	static const char * const names[] = {
		"&amp;", "&lt;", "&gt;", "&quot;", "&apos;",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (begins(mend, names[i]))
			return true;
	return is_character_reference(mend);
}

static void step_ampersand(struct mend *mend)
{
	if (is_reference(mend))
		pass(mend);
	else
		replace(mend, "&amp;");
}

static void enter_tag(struct mend *mend)
{
	mend->state = TAG_NAME;
	mend->tag = mend->at;
	mend->attributes = 0;
	pass(mend);
	if (*mend->at == '/')
		pass(mend);
}

static void step_markup(struct mend *mend)
{
	static const struct {
		const char *begin;
		enum state state;
	} kinds[] = {
		{ "<!--", COMMENT },
		{ "<![CDATA[", CDATA },
		{ "<!DOCTYPE", DOCTYPE },
		{ "<!doctype", DOCTYPE },
		{ "<?", INSTRUCTION },
	};
	size_t i;

	mend->opened = mend->line;
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (begins(mend, kinds[i].begin)) {
			mend->at += strlen(kinds[i].begin);
			mend->state = kinds[i].state;
			return;
		}
	}
	if (begins_name(peek(mend, 1)) || peek(mend, 1) == '/')
		enter_tag(mend);
	else
		replace(mend, "&lt;");
}

/* A character that means itself; a > could end a CDATA section that is none. */
static void step_literal(struct mend *mend)
{
	switch (*mend->at) {
	case '<':
		replace(mend, "&lt;");
		break;
	case '&':
		replace(mend, "&amp;");
		break;
	case '>':
		replace(mend, "&gt;");
		break;
	default:
		pass(mend);
	}
}

static void step_text(struct mend *mend)
{
	switch (*mend->at) {
	case '<':
		step_markup(mend);
		break;
	case '&':
		step_ampersand(mend);
		break;
	default:
		step_literal(mend);
	}
}

/* True at its end, which is then left out. */
static bool step_over(struct mend *mend, const char *end)
{
	if (!begins(mend, end))
		return false;
	mend->at += strlen(end);
	mend->state = TEXT;
	return true;
}

static void step_cdata(struct mend *mend)
{
	if (!step_over(mend, "]]>"))
		step_literal(mend);
}

static void step_comment(struct mend *mend)
{
	if (!step_over(mend, "-->"))
		drop(mend);
}

static void step_instruction(struct mend *mend)
{
	if (!step_over(mend, "?>"))
		drop(mend);
}

static void step_doctype(struct mend *mend)
{
	char c = *mend->at;

	if (c == '[') {
		fail(mend, mend->line,
		     "declarations in the DOCTYPE, such as of entities, are not allowed");
	} else if (c == '"' || c == '\'') {
		mend->quote = c;
		mend->state = DOCTYPE_QUOTED;
	} else if (c == '>') {
		mend->state = TEXT;
	}
	drop(mend);
}

static void step_doctype_quoted(struct mend *mend)
{
	if (*mend->at == mend->quote)
		mend->state = DOCTYPE;
	drop(mend);
}

static void step_tag_name(struct mend *mend)
{
	if (text_is_blank(*mend->at) || *mend->at == '/' || *mend->at == '>')
		mend->state = BETWEEN;
	else
		pass(mend);
}

static void step_between(struct mend *mend)
{
	char c = *mend->at;

	if (c == '>') {
		mend->state = TEXT;
	} else if (!text_is_blank(c) && c != '/') {
		mend->state = NAME;
		if (++mend->attributes > MEND_ATTRIBUTES_MAX)
			fail(mend, mend->line, "a tag has too many attributes");
	}
	pass(mend);
}

static void step_name(struct mend *mend)
{
	if (text_is_blank(*mend->at) || *mend->at == '=' || ends_tag(mend))
		mend->state = AFTER_NAME;
	else
		pass(mend);
}

static void step_after_name(struct mend *mend)
{
	if (*mend->at == '=') {
		mend->state = BEFORE_VALUE;
		pass(mend);
	} else if (text_is_blank(*mend->at)) {
		pass(mend);
	} else {
		mend->state = BETWEEN;
		put(mend, "=\"\" ");
	}
}

static void step_before_value(struct mend *mend)
{
	char c = *mend->at;

	if (text_is_blank(c)) {
		pass(mend);
	} else if (c == '"' || c == '\'') {
		mend->state = QUOTED;
		mend->quote = c;
		pass(mend);
	} else {
		mend->state = UNQUOTED;
		put(mend, "\"");
	}
}

static void step_quoted(struct mend *mend)
{
	if (*mend->at == '&') {
		step_ampersand(mend);
	} else {
		if (*mend->at == mend->quote)
			mend->state = AFTER_QUOTED;
		pass(mend);
	}
}

static void step_after_quoted(struct mend *mend)
{
	mend->state = BETWEEN;
	if (!text_is_blank(*mend->at) && !ends_tag(mend))
		put(mend, " ");
}

static void step_unquoted(struct mend *mend)
{
	if (text_is_blank(*mend->at) || ends_tag(mend)) {
		mend->state = BETWEEN;
		put(mend, "\"");
	} else if (*mend->at == '"') {
		replace(mend, "&quot;");
	} else if (*mend->at == '&') {
		step_ampersand(mend);
	} else {
		pass(mend);
	}
}

/* Each takes a character, or goes over to a state that does. */
static const struct {
	void (*step)(struct mend *mend);
	const char *unfinished;	/* if the text ends in it */
} states[] = {
	[TEXT] = { step_text, NULL },
	[CDATA] = { step_cdata, "a CDATA section has no end" },
	[COMMENT] = { step_comment, "a comment has no end" },
	[INSTRUCTION] = { step_instruction, "an instruction (<?) has no end" },
	[DOCTYPE] = { step_doctype, "the DOCTYPE has no end" },
	[DOCTYPE_QUOTED] = { step_doctype_quoted, "the DOCTYPE has no end" },
	[TAG_NAME] = { step_tag_name, "a tag has no end" },
	[BETWEEN] = { step_between, "a tag has no end" },
	[NAME] = { step_name, "a tag has no end" },
	[AFTER_NAME] = { step_after_name, "a tag has no end" },
	[BEFORE_VALUE] = { step_before_value, "a tag has no end" },
	[QUOTED] = { step_quoted, "a tag has no end" },
	[AFTER_QUOTED] = { step_after_quoted, "a tag has no end" },
	[UNQUOTED] = { step_unquoted, "a tag has no end" },
};

static void check_tag(struct mend *mend)
{
	if (*mend->at == '<')
		fail(mend, mend->opened,
		     "there is a < in a tag: either the tag has no end, or that is to be written &lt;");
	else if (mend->at - mend->tag > MEND_TAG_MAX)
		fail(mend, mend->opened, "a tag is too long");
}

static void step(struct mend *mend)
{
	mend->first = 0;
	mend->count = 0;
	if (!*mend->at)
		fail(mend, mend->line, "a NUL character: not a settings file");
	else if (mend->state >= TAG_NAME)
		check_tag(mend);
	if (!mend->error)
		states[mend->state].step(mend);
}

void mend_begin(struct mend *mend, const char *text, size_t length)
{
	*mend = (struct mend){
		.at = text,
		.end = text + length,
		.line = 1,
		.state = TEXT,
	};
}

size_t mend_read(struct mend *mend, char *to, size_t size)
{
	size_t length = 0;

	while (length < size && !mend->error) {
		if (mend->first < mend->count)
			to[length++] = mend->held[mend->first++];
		else if (mend->at < mend->end)
			step(mend);
		else
			break;
	}
	if (!length && !mend->error && states[mend->state].unfinished)
		fail(mend, mend->opened, states[mend->state].unfinished);
	return length;
}
