/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small helpers for strings.
 */
#ifndef UXMC_TEXT_H
#define UXMC_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* Copies a string; -E2BIG, and nothing copied, if it does not fit. */
int text_copy(char *to, size_t size, const char *from);

/* Formats a sentence; what does not fit is cut off. */
void text_format(char *to, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* No control characters (bytes above ASCII are let through). */
bool text_is_clean(const char *text);

/* @given is @secret. How long it takes says nothing of where they differ. */
bool text_is_secret(const char *given, const char *secret);

/* Of a line, or an end of one. */
bool text_is_blank(char c);

/*
 * How many bytes the UTF-8 character has that begins here, of no more than @size; 0
 * if none does.
 */
size_t text_character(const char *text, size_t size);

/* What is shown where there may be nothing to show. */
const char *text_or_dash(const char *text);

/* A decimal number with nothing before or after it; -EINVAL, -ERANGE. */
int text_number(const char *text, uint64_t max, uint64_t *number);

#endif
