// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "form.h"
#include "text.h"

int form_take(struct form *form, const char *data, size_t count)
{
	char *text;

	if (count > FORM_SIZE_MAX - form->length)
		return -E2BIG;
	text = realloc(form->text, form->length + count + 1);
	if (!text)
		return -ENOMEM;
	form->text = text;
	memcpy(text + form->length, data, count);
	form->length += count;
	text[form->length] = '\0';
	return 0;
}

static int digit_of(char c)
{
	if (!isxdigit((unsigned char)c))
		return -1;
	return isdigit((unsigned char)c) ? c - '0' :
					   tolower((unsigned char)c) - 'a' + 10;
}

/* What two digits of an escape stand for; negative: they are none */
static int unescape(const char *digits)
{
	int high = digit_of(digits[0]);
	int low = high < 0 ? -1 : digit_of(digits[1]);

	return low < 0 ? -1 : high * 16 + low;
}

/* A NUL would end it where others do not see its end. */
static bool is_clean(const char *text)
{
	size_t length, left = strlen(text);

	for (; left; text += length, left -= length) {
		length = text_character(text, left);
		if (!length)
			return false;
		if (length == 1 && !text_is_blank(*text) &&
		    ((unsigned char)*text < 0x20 || *text == 0x7f))
			return false;
	}
	return true;
}

/* In its place, which it never needs more of */
static int decode(char *text)
{
	const char *from = text;
	char *to = text;
	int c;

	for (; *from; from++) {
		c = *from == '+' ? ' ' : (unsigned char)*from;
		if (c == '%') {
			c = unescape(from + 1);
			if (c <= 0)
				return -EINVAL;
			from += 2;
		}
		*to++ = (char)c;
	}
	*to = '\0';
	return is_clean(text) ? 0 : -EINVAL;
}

static int add_field(struct form *form, char *text)
{
	struct form_field *field = &form->fields[form->count];
	char *value = strchr(text, '=');

	if (form->count == FORM_FIELDS_MAX)
		return -E2BIG;
	if (value)
		*value++ = '\0';
	field->name = text;
	field->value = value ? value : "";
	form->count++;
	return decode(text) || (value && decode(value)) ? -EINVAL : 0;
}

int form_parse(struct form *form)
{
	char *rest = form->text, *part;
	int ret = 0;

	if (rest && strlen(rest) != form->length)
		return -EINVAL;
	while (!ret && (part = strsep(&rest, "&")))
		if (*part)
			ret = add_field(form, part);
	return ret;
}

const char *form_value(const struct form *form, const char *name)
{
	size_t i;

	for (i = 0; i < form->count; i++)
		if (!strcmp(form->fields[i].name, name))
			return form->fields[i].value;
	return NULL;
}

const char *form_text(const struct form *form, const char *name)
{
	const char *value = form_value(form, name);

	return value ? value : "";
}

void form_clear(struct form *form)
{
	free(form->text);
	*form = (struct form){ 0 };
}
