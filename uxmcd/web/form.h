/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fields of a form: application/x-www-form-urlencoded, as in a body and in the
 * query of a URL. Pure.
 */
#ifndef UXMC_FORM_H
#define UXMC_FORM_H

#include <stddef.h>

/* As many fields, and as long a text, as no page of ours sends */
#define FORM_FIELDS_MAX	64
#define FORM_SIZE_MAX	65536

/**
 * struct form - all zeros to begin with
 * @text: what has come, which @fields point into when it has been parsed
 */
struct form {
	char *text;
	size_t length;
	size_t count;
	struct form_field {
		const char *name;
		const char *value;
	} fields[FORM_FIELDS_MAX];
};

/* Takes the next part of it; -E2BIG, -ENOMEM. */
int form_take(struct form *form, const char *data, size_t count);

/*
 * All of it has come: takes it apart. -EINVAL: what is escaped is not, or is not
 * UTF-8 without control characters but ends of lines; -E2BIG: too many fields.
 */
int form_parse(struct form *form);

/* The value of the first field of that name; NULL: there is none. */
const char *form_value(const struct form *form, const char *name);

/* The same, but an empty one if there is none. */
const char *form_text(const struct form *form, const char *name);

void form_clear(struct form *form);

#endif
