// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <string.h>
#include <sys/param.h>

#include "record.h"
#include "text.h"

#define LINE_VALUE_MAX	4096

static char *at(const void *record, const struct record_field *field)
{
	return (char *)record + field->offset;
}

static uint64_t largest(const struct record_field *field)
{
	switch (field->size) {
	case sizeof(bool):
		return 1;
	case sizeof(uint32_t):
		return UINT32_MAX;
	default:
		return INT64_MAX;
	}
}

static void set_number(const struct record_field *field, void *record,
		       uint64_t number)
{
	const bool truth = number;
	const uint32_t small = (uint32_t)number;

	switch (field->size) {
	case sizeof(bool):
		memcpy(at(record, field), &truth, sizeof(truth));
		break;
	case sizeof(uint32_t):
		memcpy(at(record, field), &small, sizeof(small));
		break;
	default:
		memcpy(at(record, field), &number, sizeof(number));
	}
}

static uint64_t get_number(const struct record_field *field, const void *record)
{
	uint64_t number = 0;
	uint32_t small;
	bool truth;

	switch (field->size) {
	case sizeof(bool):
		memcpy(&truth, at(record, field), sizeof(truth));
		return truth;
	case sizeof(uint32_t):
		memcpy(&small, at(record, field), sizeof(small));
		return small;
	default:
		memcpy(&number, at(record, field), sizeof(number));
		return number;
	}
}

static bool take_word(const struct record_field *field, void *record,
		      const char *value)
{
	size_t i;

	for (i = 0; i < field->count; i++)
		if (!strcmp(value, field->words[i])) {
			set_number(field, record, i);
			return true;
		}
	return false;
}

static bool take_number(const struct record_field *field, void *record,
			const char *value)
{
	uint64_t number;

	if (text_number(value, largest(field), &number))
		return false;
	set_number(field, record, number);
	return true;
}

static bool take_value(const struct record_field *field, void *record,
		       const char *value)
{
	switch (field->kind) {
	case RECORD_TEXT:
		return text_is_clean(value) &&
		       !text_copy(at(record, field), field->size, value);
	case RECORD_NUMBER:
		return take_number(field, record, value);
	case RECORD_WORD:
		return take_word(field, record, value);
	}
	return false;
}

bool record_take(const struct record_type *type, void *record, const char *key,
		 const char *value)
{
	size_t i;

	for (i = 0; i < type->count; i++)
		if (!strcmp(key, type->fields[i].name))
			return take_value(&type->fields[i], record, value);
	return false;
}

static void put_value(FILE *out, const struct record_field *field,
		      const void *record)
{
	switch (field->kind) {
	case RECORD_TEXT:
		fputs(at(record, field), out);
		break;
	case RECORD_NUMBER:
		fprintf(out, "%" PRIu64, MIN(get_number(field, record), largest(field)));
		break;
	case RECORD_WORD:
		fputs(field->words[MIN(get_number(field, record),
				       field->count - 1)], out);
		break;
	}
}

static bool is_default(const struct record_field *field, const void *record,
		       const void *defaults)
{
	if (!defaults)
		return false;
	if (field->kind == RECORD_TEXT)
		return !strcmp(at(record, field), at(defaults, field));
	return get_number(field, record) == get_number(field, defaults);
}

void record_put(FILE *out, const struct record_type *type, const void *record,
		const char *prefix, const void *defaults)
{
	const struct record_field *field = type->fields;

	for (; field < type->fields + type->count; field++) {
		if (is_default(field, record, defaults))
			continue;
		fprintf(out, "%s%s=", prefix, field->name);
		put_value(out, field, record);
		fputc('\n', out);
	}
}

/* Cuts the next value off; NULL: there is none. */
static const char *next_value(const char **line, char separator, char *value)
{
	size_t length;

	if (!*line)
		return NULL;
	length = strcspn(*line, (char[]){ separator, '\0' });
	if (length >= LINE_VALUE_MAX)
		return NULL;
	memcpy(value, *line, length);
	value[length] = '\0';
	*line = (*line)[length] ? *line + length + 1 : NULL;
	return value;
}

bool record_take_line(const struct record_type *type, void *record,
		      const char *line, char separator)
{
	const struct record_field *field = type->fields;
	char value[LINE_VALUE_MAX];

	for (; field < type->fields + type->count; field++) {
		if (!next_value(&line, separator, value))
			return false;
		take_value(field, record, value);
	}
	return true;
}

static void put_text(FILE *out, const char *text, char separator)
{
	for (; *text; text++)
		fputc(*text < ' ' || *text >= 0x7f || *text == separator ?
		      '?' : *text, out);
}

void record_put_line(FILE *out, const struct record_type *type,
		     const void *record, char separator)
{
	const struct record_field *field = type->fields;

	for (; field < type->fields + type->count; field++) {
		if (field != type->fields)
			fputc(separator, out);
		if (field->kind == RECORD_TEXT)
			put_text(out, at(record, field), separator);
		else
			put_value(out, field, record);
	}
}
