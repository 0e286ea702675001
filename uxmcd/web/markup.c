// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "markup.h"
#include "text.h"

#define SIZE_FIRST	4096
#define NUMBER_SIZE	24

static bool make_room(struct markup *markup, size_t count)
{
	size_t size = markup->size ? markup->size : SIZE_FIRST;
	char *text;

	while (size - markup->length <= count)
		size *= 2;
	if (size == markup->size)
		return true;
	text = realloc(markup->text, size);
	if (!text)
		return false;
	markup->text = text;
	markup->size = size;
	return true;
}

static void append(struct markup *markup, const char *text, size_t count)
{
	if (markup->failed || !make_room(markup, count)) {
		markup->failed = true;
		return;
	}
	memcpy(markup->text + markup->length, text, count);
	markup->length += count;
	markup->text[markup->length] = '\0';
}

void markup_raw(struct markup *markup, const char *text)
{
	append(markup, text, strlen(text));
}

/* HTML, 13.3: what ends a text, or a value between quotes */
static const char *entity_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	}
	return NULL;
}

static void append_text(struct markup *markup, const char *text)
{
	const char *entity;
	size_t plain;

	while (*text) {
		plain = strcspn(text, "&<>\"'");
		append(markup, text, plain);
		text += plain;
		entity = entity_of(*text);
		if (!entity)
			return;
		markup_raw(markup, entity);
		text++;
	}
}

static void append_number(struct markup *markup, unsigned long long number)
{
	char text[NUMBER_SIZE];

	text_format(text, sizeof(text), "%llu", number);
	markup_raw(markup, text);
}

static void append_signed(struct markup *markup, int number)
{
	char text[NUMBER_SIZE];

	text_format(text, sizeof(text), "%d", number);
	markup_raw(markup, text);
}

/* Appends what one conversion stands for, and gives what follows it. */
static const char *convert(struct markup *markup, const char *conversion,
			   va_list *args)
{
	static const char * const known[] = {
		"%", "s", "u", "d", "lu", "llu",
	};
	size_t i = 0;

	while (i < ARRAY_SIZE(known) &&
	       strncmp(conversion, known[i], strlen(known[i])) != 0)
		i++;
	switch (i) {
	case 0:
		markup_raw(markup, "%");
		break;
	case 1:
		append_text(markup, va_arg(*args, const char *));
		break;
	case 2:
		append_number(markup, va_arg(*args, unsigned int));
		break;
	case 3:
		append_signed(markup, va_arg(*args, int));
		break;
	case 4:
		append_number(markup, va_arg(*args, unsigned long));
		break;
	case 5:
		append_number(markup, va_arg(*args, unsigned long long));
		break;
	default:
		markup->failed = true;
		return "";
	}
	return conversion + strlen(known[i]);
}

void markup(struct markup *markup, const char *format, ...)
{
	va_list args;
	size_t plain;

	va_start(args, format);
	while (*format) {
		plain = strcspn(format, "%");
		append(markup, format, plain);
		format += plain;
		if (*format)
			format = convert(markup, format + 1, &args);
	}
	va_end(args);
}

void markup_clear(struct markup *markup)
{
	free(markup->text);
	*markup = (struct markup){ 0 };
}
