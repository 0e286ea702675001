/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a file of uxmcd's keeps of one thing, by a table of its fields: each a
 * key=value line, or all of them on one line. Pure.
 *
 * A key that is not known, and a value that cannot be, of a later version say, costs
 * no more than that field: it stays as it was.
 */
#ifndef UXMC_RECORD_H
#define UXMC_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum record_kind {
	RECORD_TEXT,	/* char[]; no control characters */
	RECORD_NUMBER,	/* bool, or unsigned: of 4 bytes, or 8 up to INT64_MAX */
	RECORD_WORD,	/* the same, of which @words has a name for each value */
};

/**
 * struct record_field - a row of the table
 * @name: the key
 * @offset: in the structure
 * @size: of the member, in bytes
 * @words: of a RECORD_WORD, @count of them
 */
struct record_field {
	const char *name;
	enum record_kind kind;
	size_t offset;
	size_t size;
	const char * const *words;
	size_t count;
};

struct record_type {
	const struct record_field *fields;
	size_t count;
};

/* Rows for a member that is called like its key */
#define RECORD_FIELD(type, member, kind) \
	{ #member, kind, offsetof(struct type, member), \
	  sizeof(((struct type *)NULL)->member), NULL, 0 }
#define RECORD_NAMED(type, member, name, words) \
	{ name, RECORD_WORD, offsetof(struct type, member), \
	  sizeof(((struct type *)NULL)->member), words, ARRAY_SIZE(words) }

#define RECORD_TYPE(table)	{ table, ARRAY_SIZE(table) }

/* False: there is no such key, or the field cannot have that value. */
bool record_take(const struct record_type *type, void *record, const char *key,
		 const char *value);

/*
 * Writes the lines, each key behind @prefix; but not those of fields that are as in
 * @defaults, if that is not NULL.
 */
void record_put(FILE *out, const struct record_type *type, const void *record,
		const char *prefix, const void *defaults);

/*
 * The same with all fields on one line, in their order, with a separator between
 * them; of a text, what is not printable ASCII or is the separator becomes a question
 * mark. What a later version has behind them is ignored. False: there are too few.
 */
bool record_take_line(const struct record_type *type, void *record,
		      const char *line, char separator);
void record_put_line(FILE *out, const struct record_type *type,
		     const void *record, char separator);

#endif
